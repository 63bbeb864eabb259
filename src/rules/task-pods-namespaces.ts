/**
 * `computeClusters[].taskPods.namespaces` → `michelangelo-config` in each namespace that task pods run in. An overlay's own namespace is
 * none of them unless it is listed.
 */
import { Draft } from '../manifests/edit.ts';
import { objectAt } from '../yaml/json.ts';
import { NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

export const taskPodsNamespaces: Rule = ({ settings, surface }) => {
  const cluster = settings.computeCluster;
  const [first] = surface.taskPods;
  if (!cluster || !first) return NOTHING;
  const field = `${cluster.field}.taskPods.namespaces`;
  const wanted = cluster.namespaces;
  const isThere = (namespace: string) =>
    surface.taskPods.some((configMap) => configMap.namespace === namespace);
  const missing = wanted.filter((namespace) => !isThere(namespace));
  const strays = surface.taskPods.filter(({ namespace }) => !wanted.includes(namespace));
  const edits = strays.flatMap((configMap) => {
    const namespace = missing.shift();
    if (namespace === undefined) return [];
    const draft = new Draft(configMap);
    draft.set(['metadata', 'namespace'], namespace, field);
    return draft.edits;
  });
  const additions = missing.map((namespace) => ({
    json: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadataFrom(first, surface.taskPodsName), namespace },
      data: objectAt(first.json, ['data']),
    },
    field,
  }));
  return { edits, problems: [], additions };
};
