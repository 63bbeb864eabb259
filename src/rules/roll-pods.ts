/**
 * A ConfigMap that the function has changed → an annotation on the pods that read it, so that they start anew: without one they go on with
 * the old hosts. A checksum of Helm was made before the change and says nothing of it. kustomize's own hash, where it is still to come,
 * and reloaders need no help.
 */

import type { Problem } from '../errors.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { Draft } from '../manifests/edit.ts';
import { type AppliedEdit, applyEdits } from '../manifests/editor.ts';
import { Manifests, sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { fnv1a } from '../manifests/short-name.ts';
import { podTemplatePath } from '../manifests/workload.ts';
import { remembered } from '../maps.ts';
import { isHashPending, isWatched, usedConfigMaps } from '../surface/rollout.ts';
import { toPointer } from '../yaml/json.ts';

const ANNOTATION = 'network.michelangelo.api/config-hash';

/** Kinds whose pods are made anew when their template changes. */
const ROLLING = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'];

/** A changed ConfigMap as it is now, and the field that its first change follows from. */
interface Changed {
  configMap: Resource;
  field: string;
}

/** @param edits - everything that was changed before: after it nothing else may change */
export function rollPods(chunks: readonly Chunk[], edits: readonly AppliedEdit[]): AppliedEdit[] {
  const changed = changedConfigMaps(chunks, edits);
  const names = changed.flatMap(({ configMap }) => configMap.names);
  if (names.length === 0) return [];
  return new Manifests(chunks).find(ROLLING, names).flatMap((workload) => {
    const used = usedConfigMaps(workload);
    const own = changed.filter(
      ({ configMap }) =>
        sameNamespace(workload.namespace, configMap.namespace) &&
        configMap.names.some((name) => used.includes(name)) &&
        !isWatched(workload, configMap),
    );
    const [first] = own;
    if (!first) return [];
    const draft = new Draft(workload);
    const place = [...podTemplatePath(workload), 'metadata', 'annotations', ANNOTATION];
    draft.set(place, hashOf(own.map(({ configMap }) => configMap)), first.field);
    return applyEdits(draft.edits);
  });
}

/** An apply stops at a ConfigMap that says `immutable`, whatever else is right. What kustomize is still to name after its content is a new one. */
export function immutableProblems(
  chunks: readonly Chunk[],
  edits: readonly AppliedEdit[],
): Problem[] {
  return changedConfigMaps(chunks, edits)
    .filter(({ configMap }) => configMap.json['immutable'] === true)
    .map(({ configMap, field }) => ({
      code: 'value-replaced',
      severity: 'warning',
      message:
        'this ConfigMap is immutable, and its content changes: a cluster that has it refuses the change',
      resource: configMap.reference,
      path: 'immutable',
      found: `\`true\`, and other content by \`${field}\``,
      expected:
        "another name with each content, as kustomize's configMapGenerator gives it, or no `immutable`",
      fix: 'generate it, or take `immutable` out of the base; where it is in the cluster already, delete it there before the apply',
    }));
}

/** They are looked for where something changed: the rest of the stream is not read. */
function changedConfigMaps(chunks: readonly Chunk[], edits: readonly AppliedEdit[]): Changed[] {
  const idOf = ({ chunk, path }: Resource) => ({ chunk, place: toPointer(path) });
  const fields = new Map<Chunk, Map<string, string>>();
  for (const { resource, operation, document, field } of edits) {
    const isContent =
      document !== undefined || /^\/(?:data|binaryData)(?:\/|$)/.test(operation.path);
    if (resource.kind !== 'ConfigMap' || !isContent) continue;
    const { chunk, place } = idOf(resource);
    remembered(
      remembered(fields, chunk, () => new Map()),
      place,
      () => field,
    );
  }
  const manifests = new Manifests(chunks.filter((chunk) => fields.has(chunk)));
  return manifests.find(['ConfigMap']).flatMap((configMap): Changed[] => {
    const { chunk, place } = idOf(configMap);
    const field = fields.get(chunk)?.get(place);
    return field === undefined || isHashPending(configMap) ? [] : [{ configMap, field }];
  });
}

/** Of what they say, in the order of their names: 16 hexadecimal digits. It tells contents apart and protects nothing. */
function hashOf(configMaps: readonly Resource[]): string {
  const texts = configMaps
    .map(({ originalName, json }) => {
      const contents = [json['data'], json['binaryData']].map((map) =>
        Object.entries(map ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)),
      );
      return JSON.stringify([originalName, ...contents]);
    })
    .sort();
  const text = texts.join('\n');
  return fnv1a(text) + fnv1a(`${text}\n`);
}
