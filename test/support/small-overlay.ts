/** Our own base with a DomainConfig, as files for `folderWith`, and a place to build it in. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';
import { folderWith } from './temporary.ts';

/** The first overlay of a project has `ml.example.com`, and each other one a domain of its own. */
const configFor = (domain: string) => `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata:
  name: production
spec:
  domain: ${domain}
  tls:
    mode: secret
  checks:
    ignore:
      - code: entry-stream-limit
        reason: set where the controller is installed
`;

/** What an overlay may have besides. */
export interface OverlayParts {
  /** Lines of its kustomization.yaml, beside base and transformer. */
  kustomization?: string;
  /** The whole DomainConfig. */
  config?: string;
  /** More files in its folder. */
  files?: Readonly<Record<string, string | Buffer>>;
}

/** A folder with our base and the given overlays in `overlays/`. */
export function projectWith(overlays: Readonly<Record<string, OverlayParts>>): string {
  const files = Object.entries(overlays).flatMap(([name, parts], index) =>
    Object.entries({
      'kustomization.yaml':
        parts.kustomization ??
        'namespace: michelangelo\nresources: [../../base]\ntransformers: [domain.yaml]\n',
      'domain.yaml':
        parts.config ?? configFor(index === 0 ? 'ml.example.com' : `ml.${name}.example.com`),
      ...parts.files,
    }).map(([path, text]): [string, string | Buffer] => [`overlays/${name}/${path}`, text]),
  );
  const folder = folderWith(Object.fromEntries(files));
  cpSync(join(packageRoot, 'base'), join(folder, 'base'), { recursive: true });
  return folder;
}

/** An overlay whose UI Service gets another name behind the function's back: Envoy's upstream leads nowhere. */
export const BROKEN_LINK: OverlayParts = {
  kustomization:
    'namespace: michelangelo\nresources: [../../base]\ntransformers: [domain.yaml, rename.yaml]\n',
  files: {
    'rename.yaml': `apiVersion: builtin
kind: PatchTransformer
metadata: {name: rename}
target: {kind: Service, name: michelangelo-ui}
patch: |
  apiVersion: v1
  kind: Service
  metadata: {name: renamed-ui}
options: {allowNameChange: true}
`,
  },
};
