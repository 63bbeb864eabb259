/** Resources of the Prometheus operator, with the labels by which it finds them. */
import type { Resource } from '../../manifests/resource.ts';
import { shortName } from '../../manifests/short-name.ts';
import { type JsonObject, objectAt } from '../../yaml/json.ts';
import type { Addition } from '../rule.ts';
import { metadataFrom } from '../served-by.ts';
import { FIELD, MONITORING } from './alert.ts';

/** `additionalLabels` of the config. */
export type Labels = Readonly<Record<string, string>>;

/** One that is added beside what it looks at: namespace and common labels are those of `served`. */
export function monitoringResource(
  kind: 'ServiceMonitor' | 'PodMonitor' | 'PrometheusRule' | 'Probe',
  served: Resource,
  name: string,
  labels: Labels,
  spec: JsonObject,
): Addition {
  const metadata = metadataFrom(served, shortName(name));
  const all = { ...objectAt(metadata, ['labels']), ...labels };
  const json: JsonObject = {
    apiVersion: MONITORING,
    kind,
    metadata: { ...metadata, ...(Object.keys(all).length > 0 ? { labels: all } : {}) },
    spec,
  };
  return { json, field: FIELD };
}

/** What a blackbox exporter is asked to try, with which of its modules. */
export interface WantedProbe {
  name: string;
  module: string;
  targets: string[];
}

/** The job is named, so that alerts know it: by default it has the namespace in it. */
export function probeOf(
  served: Resource,
  { name, module, targets }: WantedProbe,
  prober: string,
  labels: Labels,
): Addition {
  return monitoringResource('Probe', served, name, labels, {
    jobName: name,
    prober: { url: prober },
    module,
    targets: { staticConfig: { static: targets } },
  });
}
