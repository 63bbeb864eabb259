import { objectsAt } from '../envoy/bootstrap.ts';
import { tlsContexts } from '../envoy/listeners.ts';
import { containersWith } from '../surface/bind-addresses.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { isObject, list, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { discoveredFiles, filesOf, secretsFile } from './shared/envoy-secrets.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's certificate is not where Envoy looks",
  why: 'A listener waits for its certificate: without it every TLS handshake is refused, and nothing but a line in the log of Envoy says why.',
  fix: 'let the name of the secret, the file and the place of the mount agree',
  find: (surface) => surface.envoys.flatMap((target) => onTarget(target, surface)),
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
      const name = String(config['name']);
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
    return [...unnamed, ...unmounted(target, strings(files), surface)];
  });
}

/** Files of certificates below none of the mounts: images have none. */
function unmounted(target: DocumentTarget, files: readonly string[], surface: Surface): Fault[] {
  return surface.mounting([target]).flatMap((workload) => {
    const mounts = containersWith(target, workload).flatMap((container) =>
      strings(list(container['volumeMounts']).map(({ mountPath }) => mountPath)),
    );
    const isMounted = (file: string) =>
      mounts.some((mount) => file === mount || file.startsWith(`${mount.replace(/\/$/, '')}/`));
    const lost = [...new Set(files)].filter((file) => file.startsWith('/') && !isMounted(file));
    if (lost.length === 0) return [];
    return [
      {
        resource: workload,
        message: `Envoy reads ${lost.join(' and ')}, and nothing is mounted there: ${mounts.join(', ') || 'it has no mounts'}`,
        fix: 'mount the Secret of the certificate there, or name the files where it is mounted',
      },
    ];
  });
}
