/**
 * Certificates of Envoy whose private key comes from another Secret.
 *
 * Source: Envoy's `tls.v3.TlsCertificate`: a key that is not that of the certificate is refused (KEY_VALUES_MISMATCH); cert-manager makes
 * a key for each Secret.
 */
import { objectsAt } from '../../envoy/bootstrap.ts';
import { tlsContexts } from '../../envoy/listeners.ts';
import { upstreamTlsContexts } from '../../envoy/upstreams.ts';
import { secretNameOf } from '../../manifests/certificate.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import { mountedAt } from '../../manifests/mounted-files.ts';
import type { Resource } from '../../manifests/resource.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type Json, type JsonObject, list, objectAt, stringAt } from '../../yaml/json.ts';
import { discoveredFiles } from './envoy-secrets.ts';

interface Pair {
  chain: string;
  key: string;
}

/** Of one document of Envoy, files that it is told of by SDS among them. */
export function strangeKeys(target: DocumentTarget, surface: Surface): Fault[] {
  const json = jsonOf(target);
  const own = [
    ...[...tlsContexts(json), ...upstreamTlsContexts(json)].map((context) => ({
      path: context.path,
      pairs: [
        ...list(context.value['tls_certificates']),
        ...list(context.value['tls_certificate_sds_secret_configs']).flatMap((config) =>
          discoveredFiles(surface, target, config).map(({ certificate }) => certificate),
        ),
      ].flatMap(pairOf),
    })),
    ...objectsAt(json, ['static_resources', 'secrets']).map(({ path, value }) => ({
      path,
      pairs: pairOf(value['tls_certificate']),
    })),
  ];
  return own.flatMap(({ path, pairs }) =>
    pairs.flatMap((pair) => {
      const fault = judge(pair, target, surface);
      return fault ? [inDocument(target, path, fault)] : [];
    }),
  );
}

function pairOf(certificate: Json | undefined): Pair[] {
  const chain = stringAt(certificate, ['certificate_chain', 'filename']);
  const key = stringAt(certificate, ['private_key', 'filename']);
  return isObject(certificate) && chain !== '' && key !== '' ? [{ chain, key }] : [];
}

function judge(pair: Pair, target: DocumentTarget, surface: Surface): Fault | undefined {
  for (const workload of surface.mounting([target]))
    for (const container of containersWith(target, workload)) {
      const chain = secretAt(pair.chain, container, workload);
      const key = secretAt(pair.key, container, workload);
      if (!chain || !key || chain.name === key.name) continue;
      // Secrets of somebody's own may have the two apart.
      if (chain.key !== 'tls.crt' || key.key !== 'tls.key') continue;
      const isSure = [chain.name, key.name].every((name) => hasPair(name, workload, surface));
      return {
        severity: isSure ? undefined : 'warning',
        message: `Envoy takes the certificate from Secret ${chain.name} and the private key from Secret ${key.name}${isSure ? ', which has a certificate of its own' : ''}: it refuses a key that is not that of the certificate`,
        fix: `write ${folderOf(pair.chain)}/tls.key for the key`,
      };
    }
  return undefined;
}

const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/'));

function secretAt(file: string, container: JsonObject, workload: Resource) {
  const found = mountedAt(file, container, workload);
  const [source, ...others] = found?.sources ?? [];
  if (source?.kind !== 'Secret' || others.length > 0) return undefined;
  return source;
}

/** Whether a Secret is made by a Certificate, or has both in the stream. */
function hasPair(name: string, { namespace }: Resource, { manifests }: Surface): boolean {
  const isHere = (one: Resource) => sameNamespace(one.namespace, namespace);
  return (
    manifests
      .ofKind('Certificate')
      .some((certificate) => isHere(certificate) && secretNameOf(certificate) === name) ||
    manifests
      .ofKind('Secret')
      .filter((secret) => isHere(secret) && secret.names.includes(name))
      .some(({ json }) =>
        ['tls.crt', 'tls.key'].every((key) =>
          ['data', 'stringData'].some((field) => key in objectAt(json, [field])),
        ),
      )
  );
}
