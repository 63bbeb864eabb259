/** The base as kustomize renders it, alone and in an overlay that uses its components. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { transcodedServices } from '../support/components.ts';
import { descriptorSet } from '../support/descriptor-set.ts';
import { buildWith, bundled, type KustomizeProgram } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';

export interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string } } }[];
  volumeMounts?: { name: string; mountPath: string }[];
  [probe: string]: unknown;
}

export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  rules?: { resources: string[]; verbs: string[]; resourceNames?: string[] }[];
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
  spec?: {
    template?: {
      spec: {
        serviceAccountName?: string;
        containers: Container[];
        initContainers?: Container[];
        volumes?: { name: string; configMap?: { name: string } }[];
      };
    };
  };
}

export const COMPONENTS = readdirSync(join(packageRoot, 'base/components')).sort();

const built = new Map<KustomizeProgram, Promise<string>>();

/** A config with a compute cluster, whose resources no prefix and no namespace may move. */
const CONFIG = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata:
  name: live
spec:
  domain: ml.example.com
  tls: { mode: secret }
  computeClusters: [{ name: gpu, server: 'https://k8s.gpu.ml.example.com:6443' }]
`;

/** An overlay with all that the docs say of components, with a prefix and a namespace. */
export function buildWithComponents(program: KustomizeProgram): Promise<string> {
  const once = built.get(program) ?? buildOverlay(program);
  built.set(program, once);
  return once;
}

async function buildOverlay(program: KustomizeProgram): Promise<string> {
  const cwd = projectWith({
    live: {
      kustomization: stringify({
        namespace: 'michelangelo-live',
        namePrefix: 'live-',
        resources: ['../../base'],
        ...documented(),
        transformers: ['domain.yaml'],
      }),
      config: CONFIG,
      files: { 'descriptors.pb': descriptorSet(transcodedServices()) },
    },
  });
  return finished(await buildWith(program, 'overlays/live', { cwd }));
}

/** What docs/upstream-programs.md says to write into a kustomization, all together. */
function documented(): Record<string, unknown[]> {
  const page = readFileSync(join(packageRoot, 'docs/upstream-programs.md'), 'utf8');
  const all: Record<string, unknown[]> = {};
  for (const [, text = ''] of page.matchAll(/^ *```yaml\n(.*?)^ *```$/gms))
    for (const [field, items] of Object.entries<unknown[]>(parse(text)))
      all[field] = [...(all[field] ?? []), ...items];
  return all;
}

/** The base, with placeholders for its hosts. */
export async function buildBase(): Promise<string> {
  return finished(await buildWith(bundled, 'base'));
}

export function manifestsIn(stream: string): Manifest[] {
  return parseAllDocuments(stream).map((document) => document.toJS() as Manifest);
}

export function containersIn(manifests: readonly Manifest[]): Container[] {
  const pods = manifests.flatMap(({ spec }) => spec?.template?.spec ?? []);
  return pods.flatMap(({ containers, initContainers = [] }) => [...containers, ...initContainers]);
}

export function named(manifests: readonly Manifest[], kind: string, name: RegExp): Manifest {
  const [found, ...more] = manifests.filter(
    (one) => one.kind === kind && name.test(one.metadata.name),
  );
  if (found === undefined || more.length > 0)
    throw new Error(`found ${found ? more.length + 1 : 0} of ${kind} ${name}`);
  return found;
}

function finished({ status, stdout, stderr }: Awaited<ReturnType<typeof buildWith>>): string {
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
