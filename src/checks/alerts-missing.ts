/**
 * Whether anybody is told when the controller manager is down.
 *
 * Where a DomainConfig is known, its `alerts` decide: without them nobody asked for alerts in these manifests, and they are wanted only where
 * the manifests bring other resources of a Prometheus operator. Manifests of others are expected to bring an alert.
 */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, type Json, list } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Kinds that hold alert rules. Sources: Prometheus operator, VictoriaMetrics operator, Google Cloud Managed Service for Prometheus. */
const RULE_KINDS = ['PrometheusRule', 'VMRule', 'Rules', 'ClusterRules', 'GlobalRules'];

/** API groups of operators that take alert rules as resources. */
const MONITORING_GROUPS = [
  'monitoring.coreos.com',
  'operator.victoriametrics.com',
  'monitoring.googleapis.com',
];

/** What a rule about the controller manager says, in an expression, a name or a label. */
const CONTROLLER_MANAGER = /controller[-_]?(?:mgr|manager)|controllermgr/i;

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'Nothing watches the controller manager',
  why: 'Michelangelo does not fail over: when the controller manager is down, no job is dispatched, and nobody is told.',
  fix: 'set `alerts.prometheusOperator` in the DomainConfig, or bring a rule about the controller manager, for instance a PrometheusRule',
  find: (surface) => {
    const [target] = surface.controllerManagers;
    if (!target || !isWanted(surface)) return [];
    const names = surface.mounting([target]).map(({ name }) => name);
    const rules = [...ruleResources(surface), ...ruleDocuments(surface)].flatMap(alertsOf);
    const isAbout = (rule: Json) => {
      const text = JSON.stringify(rule);
      return CONTROLLER_MANAGER.test(text) || names.some((name) => text.includes(name));
    };
    if (rules.some(isAbout)) return [];
    const message =
      rules.length === 0
        ? 'there is no alert rule in these manifests'
        : `none of the ${rules.length} alert rules is about the controller manager`;
    return [{ resource: target.resource, message }];
  },
};

function isWanted({ settings, manifests }: Surface): boolean {
  const isAsked = settings === undefined || settings.config.spec.alerts !== undefined;
  return isAsked || manifests.all.some(isMonitoring);
}

function isMonitoring(resource: Resource): boolean {
  return MONITORING_GROUPS.includes(groupOf(resource));
}

function ruleResources({ manifests }: Surface): (Json | undefined)[] {
  const rules = manifests.ofKind(...RULE_KINDS).filter(isMonitoring);
  return rules.map(({ json }) => json['spec']);
}

/** Rule files of a Prometheus without an operator: keys of a ConfigMap. */
function ruleDocuments({ manifests }: Surface): (Json | undefined)[] {
  return manifests
    .ofKind('ConfigMap')
    .flatMap((resource) =>
      resource
        .documentKeys((text) => /^\s*-?\s*alert:/m.test(text))
        .map((key) => jsonOf({ resource, key })),
    );
}

function alertsOf(file: Json | undefined): Json[] {
  return list(getIn(file, ['groups']))
    .flatMap(({ rules }) => list(rules))
    .filter(({ alert }) => alert !== undefined);
}
