/** The transport socket of a listener at which TLS ends: what somebody set there is kept, named, or refused. */
import { type Path, typeName } from '../envoy/bootstrap.ts';
import type { Problem } from '../errors.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { asText, type JsonObject, list } from '../yaml/json.ts';
import type { EnvoyDraft } from './envoy-draft.ts';
import { replaced } from './replaced.ts';
import { documentPath, targetProblem } from './rule.ts';

/** What the `@type` of Envoy's messages about TLS begins with. */
export const TLS_PACKAGE = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';

/**
 * Transport sockets with TLS, and where each has its context.
 *
 * Source: Envoy's `extensions.transport_sockets.quic.v3.QuicDownstreamTransport`, which reads certificates from SDS as well.
 */
const CONTEXTS: ReadonlyMap<string, Path> = new Map([
  ['DownstreamTlsContext', []],
  ['QuicDownstreamTransport', ['downstream_tls_context']],
]);

/** Of a TLS context, besides the one that reads them from files. */
const OTHER_CERTIFICATES = ['tls_certificates', 'tls_certificate_provider_instance'];

/**
 * What a socket says already of versions, ciphers and the clients' certificates stays.
 * @param path - of the socket
 * @param secrets - where the certificates come from; with several, Envoy chooses by the name that the client asks for
 */
export function writeSocket(
  draft: EnvoyDraft,
  target: DocumentTarget,
  path: Path,
  secrets: readonly (JsonObject & { name: string })[],
  field: string,
): Problem[] {
  const type = typeName(draft.get([...path, 'typed_config']));
  const isPlain = draft.get(path) === undefined || type === 'RawBuffer';
  const own = CONTEXTS.get(type ?? '');
  if (!isPlain && !own) return [otherSocket(target, path, type)];
  const context = [...path, 'typed_config', ...(own ?? []), 'common_tls_context'];
  if (isPlain)
    draft.set(
      path,
      {
        name: 'envoy.transport_sockets.tls',
        typed_config: { '@type': `${TLS_PACKAGE}.DownstreamTlsContext` },
      },
      field,
    );
  // QUIC offers h3 by itself.
  if (own?.length !== 1 && draft.get([...context, 'alpn_protocols']) === undefined)
    draft.set([...context, 'alpn_protocols'], ['h2', 'http/1.1'], field);
  return writeCertificates(draft, target, context, secrets, field);
}

/** @param context - the path of the TLS context */
function writeCertificates(
  draft: EnvoyDraft,
  target: DocumentTarget,
  context: Path,
  secrets: readonly (JsonObject & { name: string })[],
  field: string,
): Problem[] {
  const gone = (path: Path, old: string, next: string) =>
    replaced(
      target.resource.reference,
      documentPath(target, path),
      old,
      next,
      field,
      'take them out of the base: Envoy gets the certificates of the config',
    );
  const sds = 'tls_certificate_sds_secret_configs';
  const place = [...context, sds];
  const problems = OTHER_CERTIFICATES.map((key) => [...context, key])
    .filter((path) => draft.get(path) !== undefined)
    .map((path) => gone(path, 'certificates of the base', sds));
  for (const key of OTHER_CERTIFICATES) draft.remove([...context, key], field);
  const names = secrets.map(({ name }) => name);
  const others = list(draft.get(place))
    .map(({ name }) => asText(name))
    .filter((name) => !names.includes(name));
  if (others.length > 0) problems.push(gone(place, others.join(', '), names.join(', ')));
  draft.reconcile(place, [...secrets], field);
  return problems;
}

/** A socket that is neither plain nor TLS: what it does would be lost. */
function otherSocket(target: DocumentTarget, path: Path, type: string | undefined): Problem {
  return targetProblem(target, path, {
    code: 'target-shape',
    message:
      "TLS is to end at Envoy, and the app's listener has a transport socket of another kind",
    found: type === undefined ? 'a transport socket without a type' : `\`${type}\``,
    expected: `no transport socket, or one of ${[...CONTEXTS.keys()].map((name) => `\`${name}\``).join(', ')}`,
    fix: 'remove it from the listener, or leave `tls.terminateAt` at `entry`',
  });
}
