/** Manifests to plant failures in, and what the checks say of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';
import type { Finding } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveSettings, type Settings } from '../../src/config/settings.ts';
import { resourceLabel } from '../../src/errors.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';
import type { JsonObject } from '../../src/yaml/json.ts';
import { parseYaml, printYaml } from '../../src/yaml/yaml.ts';
import { ManifestChunk } from '../support/manifest-chunk.ts';
import { builtOverlay, CONTROL_PLANES, OVERLAYS, type OverlayName } from '../support/overlays.ts';

export { CONTROL_PLANES, OVERLAYS, type OverlayName };

/** Any manifest, loosely typed: tests reach deep into them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of every kind would say nothing here
export type Manifest = any;

export interface Stream {
  name: string;
  manifests: readonly Manifest[];
  settings: Settings | undefined;
  /** As its environment.yaml calls it. */
  cluster?: string;
}

/**
 * An overlay, built with the function of this source tree, without the NetworkPolicies that it may have: with them whatever a test plants in
 * an address would be shut off as well.
 */
export async function overlay(name: OverlayName): Promise<Stream> {
  const { manifests, settings } = await wholeOverlay(name);
  const { networkPolicies: _, ...spec } = settings?.config.spec ?? { domain: '' };
  return {
    name,
    manifests: manifests.filter(({ kind }) => kind !== 'NetworkPolicy'),
    settings: settings && resolveSettings({ ...settings.config, spec }),
  };
}

/** The same with its NetworkPolicies. */
export async function wholeOverlay(name: OverlayName): Promise<Stream> {
  const manifests = manifestsIn(await builtOverlay(name));
  const config = readFileSync(join(packageRoot, 'overlays', name, 'domain.yaml'), 'utf8');
  return { name, manifests, settings: loadConfig(config).settings };
}

/** Sound manifests that the function never touched. */
export function foreign(file = 'sound.yaml'): Stream {
  const text = readFileSync(join(packageRoot, 'test/checks/foreign', file), 'utf8');
  return { name: file, manifests: manifestsIn(text), settings: undefined };
}

/** The values of a stream as checks read them. */
export function manifestsIn(text: string): Manifest[] {
  return splitDocuments(Buffer.from(text)).flatMap(({ parsed }) => parsed.json ?? []);
}

/** A copy of a stream, changed. */
export function planted(stream: Stream, plant: (manifests: Manifest[]) => void): Stream {
  const manifests = structuredClone([...stream.manifests]);
  plant(manifests);
  return { ...stream, manifests };
}

const surfaces = new WeakMap<Stream, Surface>();

/** What is public in a stream; searched once, because a stream never changes. */
export function asView(stream: Stream): Surface {
  const { name, manifests, settings, cluster } = stream;
  const chunks = () => manifests.map((manifest) => new ManifestChunk(manifest));
  const surface = surfaces.get(stream) ?? surfaceOf(chunks(), { name, settings, cluster });
  surfaces.set(stream, surface);
  return surface;
}

/** What is found in a stream, beside others that are named with it; but what no manifest of it could show to be right. */
export function findingsIn(stream: Stream, others: readonly Stream[] = []): Finding[] {
  const surface = asView(stream);
  const { findings } = runChecks(surface.beside(others.map(asView)));
  // Charts still have fields that Envoy will give up.
  const isChart = stream.settings === undefined;
  return findings.filter(
    ({ code, message }) =>
      code !== 'entry-stream-limit' &&
      !(isChart && code === 'envoy-deprecated') &&
      // An overlay accepts the first of them, and a change may leave nothing to accept.
      !(code === 'ignore-unused' && message.includes('entry-stream-limit')),
  );
}

/** `entry-timeouts Ingress michelangelo/michelangelo-ui`, for messages that tell everything at once. */
export function label({ code, resource }: Finding): string {
  return resource ? `${code} ${resourceLabel(resource)}` : code;
}

/** What is found in the second and not in the first, or there less often: of one code on one resource each counts. */
export function newIn(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const without = (found: readonly Finding[], nameOf: (found: Finding) => string) => {
    const known = left.map(nameOf);
    return found.filter((one) => {
      const index = known.indexOf(nameOf(one));
      if (index >= 0) {
        known.splice(index, 1);
        left.splice(index, 1);
      }
      return index < 0;
    });
  };
  const left = [...before];
  // What is said in the same words is the same, wherever it stands; then one of the same code on the same resource.
  return without(
    without(after, ({ code, message }) => `${code} ${message}`),
    label,
  );
}

/** The first manifest of a kind whose name ends so. */
export function find(manifests: readonly Manifest[], kind: string, ending = ''): Manifest {
  const found = manifests.find(
    (manifest) => manifest.kind === kind && manifest.metadata.name.endsWith(ending),
  );
  if (!found) throw new Error(`no ${kind} …${ending}`);
  return found;
}

/** Changes the document under a key of the ConfigMap whose name has the word in it. */
export function editDocument(
  manifests: readonly Manifest[],
  word: string,
  key: string,
  edit: (document: Manifest) => void,
): void {
  const configMap = manifests.find(
    ({ kind, metadata, data }) => kind === 'ConfigMap' && metadata.name.includes(word) && data[key],
  );
  if (!configMap) throw new Error(`no ConfigMap ${word} with ${key}`);
  const document = parseYaml(configMap.data[key]).json as JsonObject;
  edit(document);
  configMap.data[key] = key.endsWith('.json') ? JSON.stringify(document) : printYaml(document);
}
