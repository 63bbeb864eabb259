/** Whether programs speak TLS to a store that others can listen to, or that has TLS. */

import { groupedBy } from '../maps.ts';
import { isPublicHost } from '../net/host-names.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isExplained } from '../surface/public-side.ts';
import { type LogStore, logStoresOf, type Store, storesOf } from '../surface/stores.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'An object store is spoken to with the wrong choice of TLS',
  why: '`minio.secure` absent means plain HTTP: on port 443 no request is answered, and on the way to a public store everybody can read models, data and what signs the requests.',
  fix: 'set `secure: true` in `minio`, `s3DisableSSL: false` in `logPersistence`, and `https://` in `AWS_ENDPOINT_URL`; `spec.objectStore.endpoint` with a scheme writes all of them',
  find: (surface) => {
    const stores = storesOf(surface).filter(({ host }) => !isExplained(surface, host));
    // Where another place says otherwise of the same store, that is said already.
    const byHost = groupedBy(stores, ({ host }) => [host]);
    const isDisputed = (store: Store) =>
      byHost.get(store.host)?.some((other) => other.tls !== store.tls);
    const logs = logStoresOf(surface).filter(({ host }) => !isExplained(surface, host));
    return [
      ...[...stores.filter((store) => !isDisputed(store)), ...logs.filter(isClear)].flatMap(
        (store) => faultOf(store) ?? [],
      ),
      ...logs.filter((store) => !isClear(store)).map(twoAnswers),
    ];
  },
};

function isClear({ isDisputed }: LogStore): boolean {
  return !isDisputed;
}

/** A program that goes by the one today may go by the other tomorrow. */
function twoAnswers({ resource, path, host, tls }: LogStore): Fault {
  return {
    resource,
    path,
    severity: 'warning',
    message: `storageEndpoint says ${tls ? 'https' : 'http'} for ${host}, and \`s3DisableSSL: ${tls}\` says the opposite: the AWS SDK goes by the URL`,
    fix: `write \`s3DisableSSL: ${!tls}\`, or the other scheme`,
  };
}

function faultOf({ resource, path, name, host, port, tls, isUrl }: Store): Fault | undefined {
  const ofLogs = isUrl ? 'https://' : 's3DisableSSL: false';
  const setting = { minio: 'secure: true', logPersistence: ofLogs }[name] ?? 'https://';
  if (tls)
    return port === 80
      ? {
          resource,
          path,
          message: `${name} speaks TLS to port 80 of ${host}`,
          fix: 'write port 443, or none',
        }
      : undefined;
  if (port === 443)
    return {
      resource,
      path,
      message: `${name} speaks plain HTTP to port 443 of ${host}`,
      fix: `write \`${setting}\``,
    };
  if (!isPublicHost(host)) return undefined;
  return {
    resource,
    path,
    severity: 'warning',
    message: `${name} speaks plain HTTP to ${host}, a name outside of the cluster`,
    fix: `write \`${setting}\`, unless the way there is private`,
  };
}
