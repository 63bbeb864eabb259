/** `alerts.prometheusOperator` → what Prometheus is to ask, and a PrometheusRule with the alerts on it. */
import type { JsonObject } from '../../yaml/json.ts';
import { fromDrafts, NOTHING, type Rule, type RuleInput } from '../rule.ts';
import { incomplete, ruleOf, type Watch } from './alert.ts';
import { watchCertificates } from './certificates.ts';
import { watchControllerManager } from './controller-manager.ts';
import { watchEnvoy } from './envoy.ts';
import { monitoringResource } from './resources.ts';

/** Adds the PrometheusRule and what its alerts need; nothing without the field. */
export const alerts: Rule = (input) => {
  const operator = input.settings.config.spec.alerts?.prometheusOperator;
  if (!operator) return NOTHING;
  const labels = operator.additionalLabels ?? {};
  const watches = [watchControllerManager, watchCertificates, watchEnvoy].map((watch) =>
    watch(input, labels),
  );
  const problems = watches.flatMap((watch) => watch.problems);
  const groups = watches.filter((watch) => watch.alerts.length > 0).map(groupOf);
  const served = servedBy(input);
  const additions = watches.flatMap((watch) => watch.additions);
  if (served && groups.length > 0) {
    additions.push(
      monitoringResource('PrometheusRule', served, `${served.name}-alerts`, labels, { groups }),
    );
    if (served.namespace === '')
      problems.push(
        incomplete(served.reference, {
          message: 'the alerts are about every namespace in which something has these names',
          found: 'resources without a namespace',
          expected:
            'the namespace, so that two environments in one Prometheus do not ring for each other',
          fix: 'set `namespace` in the kustomization',
        }),
      );
  }
  return { ...fromDrafts(watches, problems), additions };
};

function groupOf({ name, alerts: own }: Watch): JsonObject {
  return { name, rules: own.map(ruleOf) };
}

/** What the alerts are about first of all. */
function servedBy({ surface }: RuleInput) {
  const [manager] = surface.mounting(surface.controllerManagers);
  return manager ?? surface.apiServer ?? surface.envoyService;
}
