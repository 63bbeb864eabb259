/**
 * One alert, as a rule of Prometheus.
 *
 * Sources: Prometheus' "Alerting rules" and "Template reference"; Prometheus operator, API reference of PrometheusRule.
 */
import type { Problem, ResourceReference } from '../../errors.ts';
import { shellWord } from '../../foreign-text.ts';
import type { Edit } from '../../manifests/edit.ts';
import type { JsonObject } from '../../yaml/json.ts';
import type { Addition } from '../rule.ts';

/** An alert before it is printed. */
export interface Alert {
  name: string;
  /** `critical` wakes somebody, `warning` waits for the morning. */
  severity: 'critical' | 'warning';
  /** How long it has to hold, as Prometheus writes it. */
  for: string;
  expr: string;
  /** Each is a template of Prometheus; whatever a manifest or a config has in it went through `literal`. */
  summary: string;
  description: string;
  /** What to do first. */
  action: string;
}

/** What is done about one part: its alerts, and what makes their series exist. */
export interface Watch {
  /** Of the group of rules. */
  name: string;
  alerts: Alert[];
  edits: Edit[];
  additions: Addition[];
  problems: Problem[];
}

/** A watch to fill, or to return as it is where there is nothing to watch; `name` is that of its group of alerts. */
export function nothingToWatch(name: string): Watch {
  return { name, alerts: [], edits: [], additions: [], problems: [] };
}

/** `kubectl -n ml`, or without a namespace where none is known. */
export function kubectl({ namespace }: { namespace: string }): string {
  return namespace === '' ? 'kubectl' : `kubectl -n ${shellWord(namespace)}`;
}

/** The field that all of it follows from. */
export const FIELD = 'spec.alerts.prometheusOperator';

/** The `apiVersion` of what the Prometheus operator reads. */
export const MONITORING = 'monitoring.coreos.com/v1';

/** An alert as a PrometheusRule has it. */
export function ruleOf({ name, severity, for: wait, expr, ...annotations }: Alert): JsonObject {
  const { summary, description, action } = annotations;
  return {
    alert: name,
    expr,
    for: wait,
    labels: { severity },
    annotations: { summary, description, action },
  };
}

/** A text that no template of Prometheus takes for its own. */
export function literal(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

/** Alerts that were asked for, and cannot be made of what is there. */
export function incomplete(
  resource: ResourceReference | undefined,
  words: Pick<Problem, 'message' | 'expected' | 'fix' | 'found' | 'path'>,
): Problem {
  return {
    code: 'alerts-incomplete',
    severity: 'warning',
    ...(resource ? { resource } : {}),
    ...words,
  };
}
