/** Manifests to plant failures in, and what the checks say of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { packageRoot } from '../../src/build/paths.ts';
import type { Finding } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/index.ts';
import { withBuilds } from '../../src/cli/observe.ts';
import type { Settings } from '../../src/config/settings.ts';
import { resourceLabel } from '../../src/errors.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';
import type { JsonObject } from '../../src/yaml/json.ts';
import { parseYaml, printYaml } from '../../src/yaml/yaml.ts';
import { parseStream } from '../support/function.ts';
import { bundled } from '../support/kustomize.ts';

/** Any manifest, loosely typed: tests reach deep into them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of every kind would say nothing here
export type Manifest = any;

export interface Stream {
  name: string;
  manifests: readonly Manifest[];
  settings: Settings | undefined;
}

/** The overlays that ship. */
export const OVERLAYS = ['dev', 'staging', 'production', 'onprem'] as const;
export type OverlayName = (typeof OVERLAYS)[number];

const silent = {
  stdin: Readable.from([]),
  stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
  stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
  env: process.env,
  cwd: packageRoot,
};

/** An overlay, built with the function of this source tree. */
export async function overlay(name: OverlayName): Promise<Stream> {
  const { manifests, calls, messages } = await withBuilds(
    { kustomize: bundled.command },
    silent,
    (build) => build(`overlays/${name}`),
  );
  if (!manifests) throw new Error(`${name} cannot be built: ${messages}`);
  return {
    name,
    manifests: parseStream(manifests.toString('utf8')),
    settings: calls[0]?.loaded.settings,
  };
}

/** Sound manifests that the function never touched. */
export function foreign(file = 'sound.yaml'): Stream {
  const text = readFileSync(join(packageRoot, 'test/checks/foreign', file), 'utf8');
  return { name: file, manifests: parseStream(text), settings: undefined };
}

/** A copy of a stream, changed. */
export function planted(stream: Stream, plant: (manifests: Manifest[]) => void): Stream {
  const manifests = structuredClone([...stream.manifests]);
  plant(manifests);
  return { ...stream, manifests };
}

export function asView({ name, manifests, settings }: Stream): Surface {
  const text = manifests.map((manifest) => `---\n${printYaml(manifest)}`).join('');
  return surfaceOf(splitDocuments(Buffer.from(text)), { name, settings });
}

/** What is found in a stream, beside others that are named with it. */
export function findingsIn(stream: Stream, others: readonly Stream[] = []): Finding[] {
  const view = asView(stream);
  return runChecks(view.beside(others.map(asView))).findings;
}

/** `entry-timeouts Ingress michelangelo/michelangelo-ui`, for messages that tell everything at once. */
export function label({ code, resource }: Finding): string {
  return resource ? `${code} ${resourceLabel(resource)}` : code;
}

/** What is found in the second and not in the first. */
export function newIn(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const known = new Set(before.map(label));
  return after.filter((found) => !known.has(label(found)));
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
