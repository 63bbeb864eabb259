/** An overlay on the real base, built by the real kustomize with the committed plugin. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import { buildWith, bundled } from '../../support/kustomize.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** What an overlay came to. */
export interface LiveOverlay {
  /** Every manifest. */
  manifests: string;
  /** The text of Envoy's config. */
  envoy: string;
  /** The text of the UI's config.json. */
  configJson: string;
}

/** What an overlay may have besides. */
export interface LiveParts {
  /** More fields of its kustomization. */
  kustomization?: object;
  /** More files in its folder. */
  files?: Readonly<Record<string, string | Buffer>>;
}

/** Builds `overlays/live`: the base in a namespace, with a DomainConfig of this spec. */
export async function buildLiveOverlay(spec: object, parts: LiveParts = {}): Promise<LiveOverlay> {
  const cwd = temporaryFolder();
  cpSync(join(packageRoot, 'base'), join(cwd, 'base'), { recursive: true });
  const folder = join(cwd, 'overlays/live');
  mkdirSync(folder, { recursive: true });
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'michelangelo-live',
    namePrefix: 'live-',
    resources: ['../../base'],
    transformers: ['domain.yaml'],
    ...parts.kustomization,
  };
  const config = {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: 'live' },
    spec,
  };
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
  writeFileSync(join(folder, 'domain.yaml'), stringify(config));
  for (const [name, content] of Object.entries(parts.files ?? {}))
    writeFileSync(join(folder, name), content);
  const { status, stdout, stderr } = await buildWith(bundled, 'overlays/live', { cwd });
  if (status !== 0) throw new Error(`kustomize build failed:\n${stderr}`);
  return {
    manifests: stdout,
    envoy: dataOf(stdout, 'envoy.yaml'),
    configJson: dataOf(stdout, 'config.json'),
  };
}

/** The value of this key in the one ConfigMap that has it. */
export function dataOf(manifests: string, key: string): string {
  const [value, ...more] = parseAllDocuments(manifests)
    .map((document) => document.toJS() as { kind?: string; data?: Record<string, string> } | null)
    .filter((manifest) => manifest?.kind === 'ConfigMap')
    .flatMap((manifest) => manifest?.data?.[key] ?? []);
  if (value === undefined || more.length > 0)
    throw new Error(`found ${key} in ${value ? more.length + 1 : 0} ConfigMaps, expecting one`);
  return value;
}
