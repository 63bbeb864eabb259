/** Checks of `spec.tls`: what its mode needs, and which fields belong to another mode. */
import { isCompute } from './check-role.ts';
import { mapAt, present, textAt } from './partial.ts';
import type { TlsMode } from './settings.ts';
import { type ConfigProblem, code, either } from './wording.ts';

/** Every mode. */
export const TLS_MODES: readonly TlsMode[] = ['acme', 'ca', 'issuer', 'secret', 'external', 'none'];

/** The modes that a field of `spec.tls` belongs to; in any other mode it would silently do nothing. */
export const TLS_FIELD_MODES: readonly { field: string; modes: readonly TlsMode[] }[] = [
  { field: 'acme', modes: ['acme'] },
  { field: 'ca', modes: ['ca'] },
  { field: 'issuer', modes: ['acme', 'ca', 'issuer'] },
  { field: 'secrets', modes: ['acme', 'ca', 'issuer', 'secret'] },
  { field: 'trust', modes: ['acme', 'ca', 'issuer', 'secret', 'external'] },
];

/** The mode, where it is one of the six. */
export function tlsMode(config: unknown): TlsMode | undefined {
  const text = textAt(config, 'spec.tls.mode');
  return TLS_MODES.find((mode) => mode === text);
}

function checkMode(config: unknown): ConfigProblem | undefined {
  if (present(config, 'spec.tls') || mapAt(config, 'spec') === undefined) return undefined;
  return {
    code: 'config-required',
    path: 'spec.tls.mode',
    message: '`spec.tls.mode` is missing: nothing says who makes the certificates',
    expected: either(TLS_MODES),
    fix: 'set `spec.tls.mode`; `secret` where you make the Secrets yourself',
  };
}

function checkForeignFields(config: unknown, mode: TlsMode): ConfigProblem[] {
  return TLS_FIELD_MODES.filter(
    ({ field, modes }) => present(config, `spec.tls.${field}`) && !modes.includes(mode),
  ).map(({ field, modes }) => ({
    code: 'config-conflict',
    path: `spec.tls.${field}`,
    message: `\`spec.tls.${field}\` has no meaning with \`spec.tls.mode: ${mode}\``,
    expected: `\`spec.tls.${field}\` only with mode ${either(modes)}`,
    fix: `remove it, or change \`spec.tls.mode\` to ${either(modes)}`,
  }));
}

function checkNeeds(config: unknown, mode: TlsMode): ConfigProblem[] {
  const isPublic = (textAt(config, 'spec.worker.apiAddress') ?? 'public') === 'public';
  const needs = [
    {
      isNeeded: mode === 'acme',
      path: 'spec.tls.acme.email',
      why: 'the certificate authority needs someone to write to',
      fix: 'set it to an address that is read, for instance `platform@example.com`',
    },
    {
      isNeeded: mode === 'issuer',
      path: 'spec.tls.issuer.name',
      why: 'mode `issuer` refers to an issuer that exists',
      fix: 'set it to the name of the issuer; `kubectl get clusterissuer` lists them',
    },
    {
      isNeeded: mode === 'ca' && isPublic,
      path: 'spec.tls.trust',
      why: 'workers use the public address and do not know an internal CA',
      fix: 'name the ConfigMap with the CA bundle, write `preinstalled` where the images have it, or set `spec.worker.apiAddress` to `service`',
    },
  ];
  return needs
    .filter(({ isNeeded, path }) => isNeeded && !present(config, path))
    .map(({ path, why, fix }) => ({
      code: 'config-required',
      path,
      message: `${code(path)} is missing: ${why}`,
      expected: 'a value',
      fix,
    }));
}

/** The Secret that is not used where TLS of the app host ends, and what to do about it. */
const UNUSED_SECRETS = {
  envoy: {
    path: 'spec.tls.secrets.app',
    message: '`spec.tls.secrets.app` has no meaning where TLS of the app host ends at Envoy',
    expected: '`spec.tls.secrets.envoy`',
    fix: 'write `spec.tls.secrets.envoy` instead',
  },
  entry: {
    path: 'spec.tls.secrets.envoy',
    message: '`spec.tls.secrets.envoy` has no meaning where TLS ends at the entry',
    expected: '`spec.tls.secrets.app`',
    fix: 'remove it, or set `spec.tls.terminateAt` to `envoy`',
  },
};

function checkTermination(config: unknown, mode: TlsMode): ConfigProblem | undefined {
  const place = textAt(config, 'spec.tls.terminateAt') === 'envoy' ? 'envoy' : 'entry';
  if (mode !== 'external' && mode !== 'none') {
    const unused = UNUSED_SECRETS[place];
    return present(config, unused.path) ? { code: 'config-conflict', ...unused } : undefined;
  }
  if (place === 'entry') return undefined;
  return {
    code: 'config-conflict',
    path: 'spec.tls.terminateAt',
    message: `TLS cannot end at Envoy with \`spec.tls.mode: ${mode}\`: Envoy gets no certificate`,
    found: 'envoy',
    expected: '`envoy` only with mode acme, ca, issuer or secret',
    fix: 'remove `spec.tls.terminateAt`, or change `spec.tls.mode`',
  };
}

/** Problems of `spec.tls`. Silent about what depends on the mode where the mode is missing or unknown. */
export function checkTls(config: unknown): ConfigProblem[] {
  // Another check says what of it has a meaning there.
  if (isCompute(config)) return [];
  const mode = tlsMode(config);
  if (mode === undefined) return [checkMode(config) ?? []].flat();
  return [
    checkForeignFields(config, mode),
    checkNeeds(config, mode),
    checkTermination(config, mode) ?? [],
  ].flat();
}
