import { objectsAt } from '../envoy/bootstrap.ts';
import { tlsContexts } from '../envoy/listeners.ts';
import { upstreamTlsContexts } from '../envoy/upstreams.ts';
import { containersWith } from '../surface/bind-addresses.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import { providedFile } from '../surface/provided-files.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, isObject, list, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { discoveredFiles, filesOf, secretsFile, trustedFiles } from './shared/envoy-secrets.ts';
import { strangeKeys } from './shared/key-pairs.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's certificate, or one that it trusts, is not where Envoy looks",
  why: 'A listener waits for a certificate that it gets by SDS: without it every TLS handshake is refused, and nothing but a line in the log of Envoy says why. Without a file that the config itself names Envoy does not start, and it refuses a key that is not that of the certificate.',
  fix: 'let the name of the secret, the file and the place of the mount agree',
  find: (surface) =>
    surface.envoys.flatMap((target) => [
      ...onTarget(target, surface),
      ...ofTrust(target, surface),
      ...strangeKeys(target, surface),
    ]),
};

function onTarget(target: DocumentTarget, surface: Surface): Fault[] {
  const json = jsonOf(target);
  const own = objectsAt(json, ['static_resources', 'secrets']).map(({ value }) => value['name']);
  return tlsContexts(json).flatMap(({ path, value }) => {
    const configs = list(value['tls_certificate_sds_secret_configs']);
    const unnamed = configs.flatMap((config, index): Fault[] => {
      const isOwn = !isObject(config['sds_config']);
      const names = isOwn
        ? strings(own)
        : strings(secretsFile(surface, target, config)?.secrets.map(({ name }) => name));
      const isKnown = isOwn || names.length > 0;
      const name = asText(config['name']);
      if (!isKnown || config['name'] === undefined || names.includes(name)) return [];
      return [
        inDocument(target, [...path, 'tls_certificate_sds_secret_configs', index, 'name'], {
          message: `there is no secret ${name}${names.length > 0 ? `, but ${names.join(', ')}` : ' in `static_resources.secrets`'}`,
          fix:
            names.length > 0
              ? `name one of: ${names.join(', ')}`
              : 'add `sds_config`, or the secret',
        }),
      ];
    });
    const files = [
      ...list(value['tls_certificates']).flatMap(filesOf),
      ...configs.flatMap((config) =>
        discoveredFiles(surface, target, config).flatMap(({ certificate }) => filesOf(certificate)),
      ),
    ];
    return [...unnamed, ...notThere(target, strings(files), surface)];
  });
}

/** What Envoy reads to trust others, and to show itself to servers. */
function ofTrust(target: DocumentTarget, surface: Surface): Fault[] {
  const json = jsonOf(target);
  const contexts = [...tlsContexts(json), ...upstreamTlsContexts(json)];
  const ownOfServers = upstreamTlsContexts(json).flatMap(({ value }) =>
    list(value['tls_certificates']).flatMap(filesOf),
  );
  const trusted = contexts.flatMap(({ value }) => trustedFiles(value));
  const isProvided = (file: string) => PROVIDED.test(file);
  const files = [...ownOfServers, ...trusted].filter((file) => !isProvided(file));
  return notThere(target, files, surface);
}

/** Authorities of the system, which images have, and of the cluster, which the kubelet mounts. */
const PROVIDED = /^\/(?:etc\/(?:ssl|pki|ca-certificates)|usr|var\/run\/secrets\/kubernetes\.io)\//;

/** Files of certificates that no mount has: images have none. */
function notThere(target: DocumentTarget, files: readonly string[], surface: Surface): Fault[] {
  return surface.mounting([target]).flatMap((workload) => {
    const containers = containersWith(target, workload);
    const lost = [...new Set(files)].flatMap((file) => {
      const found = containers.map((container) =>
        providedFile(file, { workload, container }, surface),
      );
      const [first] = found;
      const isLost = found.every(({ state }) => state === 'image' || state === 'missing');
      return file.startsWith('/') && first && isLost ? [{ file, found: first }] : [];
    });
    if (lost.length === 0) return [];
    const names = lost.map(({ file }) => file).join(' and ');
    const there = lost.flatMap(({ found }) => (found.state === 'missing' ? found.there : []));
    const isMounted = lost.every(({ found }) => found.state === 'missing');
    const mounts = containers.flatMap((container) =>
      strings(list(container['volumeMounts']).map(({ mountPath }) => mountPath)),
    );
    return [
      {
        resource: workload,
        message: isMounted
          ? `Envoy reads ${names}, and what is mounted there has ${[...new Set(there)].join(', ') || 'no such file'}`
          : `Envoy reads ${names}, and nothing is mounted there: ${mounts.join(', ') || 'it has no mounts'}`,
        fix: isMounted
          ? 'name the files as the keys of what is mounted'
          : 'mount the Secret of the certificate there, or name the files where it is mounted',
      },
    ];
  });
}
