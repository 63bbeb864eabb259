/** Checks of `spec.entry`: a Gateway is made or used, not both; certificates are asked for in one place. */
import { ASKING_ANNOTATIONS } from '../manifests/cert-manager.ts';
import { getIn } from '../yaml/json.ts';
import { tlsMode } from './check-tls.ts';
import { mapAt, present } from './partial.ts';
import { type ConfigProblem, code } from './wording.ts';

const WAYS = ['spec.entry', 'spec.entry.api', 'spec.entry.app'];

/** What only a Gateway that is made can have. */
export const ONLY_WHEN_MADE = ['className', 'annotations', 'infrastructure'];

function checkGateway(config: unknown, path: string): ConfigProblem[] {
  if (mapAt(config, path) === undefined) return [];
  if (present(config, `${path}.parentRefs`))
    return ONLY_WHEN_MADE.filter((field) => present(config, `${path}.${field}`)).map((field) => ({
      code: 'config-conflict',
      path: `${path}.${field}`,
      message: `\`${path}.${field}\` is for a Gateway that is made, \`${path}.parentRefs\` uses one that exists`,
      expected: '`className` or `parentRefs`, not both',
      fix: `remove \`${field}\` or \`parentRefs\``,
    }));
  if (present(config, `${path}.className`) || inherits(config, path)) return [];
  return [
    {
      code: 'config-required',
      path: `${path}.className`,
      message: `\`${path}\` neither makes a Gateway nor uses one`,
      expected: '`className`, which makes one, or `parentRefs`, which uses one',
      fix: 'set one of the two; `kubectl get gatewayclass` and `kubectl get gateway -A` list what there is',
    },
  ];
}

/** The fields of one entry stand on those of both: what it lacks comes from there, unless the two are of different forms. */
function inherits(config: unknown, path: string): boolean {
  const shared = 'spec.entry.gateway';
  if (path === shared || mapAt(config, shared) === undefined) return false;
  const isMade = ONLY_WHEN_MADE.some((field) => present(config, `${path}.${field}`));
  return !(isMade && present(config, `${shared}.parentRefs`));
}

/** An issuer of the config's, and one by annotation beside it: two would write one Secret in turn. */
function checkIssuers(config: unknown, path: string): ConfigProblem[] {
  const mode = tlsMode(config);
  const annotations = mapAt(config, `${path}.annotations`);
  if (!annotations || !mode || !['acme', 'ca', 'issuer'].includes(mode)) return [];
  return ASKING_ANNOTATIONS.filter((key) => key in annotations).map((key) => ({
    code: 'config-conflict',
    path: `${path}.annotations`,
    message: `${code(key)} asks for certificates, and \`spec.tls.mode: ${mode}\` does so already`,
    expected: 'the issuer in `spec.tls.issuer`',
    fix: 'remove the annotation; for an issuer that exists write `spec.tls.mode: issuer` and its name in `spec.tls.issuer`',
  }));
}

/** A Gateway's own port 80 takes plain HTTP, to redirect it and for challenges. */
function checkPort(config: unknown): ConfigProblem | undefined {
  const mode = tlsMode(config);
  if (getIn(config, ['spec', 'port']) !== 80 || !mode || mode === 'none') return undefined;
  return {
    code: 'config-conflict',
    path: 'spec.port',
    message: `Port 80 is that of plain HTTP, and the public addresses are https with \`spec.tls.mode: ${mode}\``,
    found: '80',
    expected: 'the port of https, 443 where it is left out',
    fix: 'remove `spec.port`, or choose `spec.tls.mode: none`',
  };
}

/** Problems of the ways in, of both entries and of each. */
export function checkEntry(config: unknown): ConfigProblem[] {
  return [
    ...WAYS.flatMap((path) => checkGateway(config, `${path}.gateway`)),
    ...WAYS.flatMap((path) => checkIssuers(config, `${path}.ingress`)),
    ...WAYS.flatMap((path) => checkIssuers(config, `${path}.gateway`)),
    checkPort(config) ?? [],
  ].flat();
}
