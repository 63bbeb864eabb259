/** Whether programs and task pods mean one object store. */
import type { Fault } from '../surface/faults/fault.ts';
import { isExplained } from '../surface/public-side.ts';
import { logStoresOf, type Store, storesOf } from '../surface/stores.ts';
import type { Check } from './check.ts';
import { isSameHost } from './shared/same-host.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'Programs that use different object stores',
  why: 'Tasks write what workers and the controller manager read. `minio.awsEndpointUrl` is `host:port`, and TLS only with `minio.secure: true`; task pods read the URL `AWS_ENDPOINT_URL`.',
  fix: 'give all of them the same store; `spec.objectStore` writes it everywhere, in the form that each place wants',
  find: (surface) => {
    // Another environment's host has a finding of its own.
    const stores = storesOf(surface).filter(({ host }) => !isExplained(surface, host));
    const [first, ...others] = stores;
    // Logs may go to a store of their own.
    const logs = logStoresOf(surface).filter(({ host }) => first && isSameHost(host, first.host));
    return first ? [...others, ...logs].flatMap((other) => faultOf(other, first) ?? []) : [];
  },
};

function faultOf(store: Store, first: Store): Fault | undefined {
  const { resource, path, name } = store;
  const where = `${first.name} of ConfigMap ${first.resource.name}`;
  if (!isSameHost(store.host, first.host))
    return {
      resource,
      path,
      message: `${name} is ${store.host}, and ${where} is ${first.host}`,
      // A store may have more than one name.
      severity: 'warning',
    };
  if (store.tls !== first.tls)
    return { resource, path, message: `${name} ${tlsOf(store)}, and ${where} ${tlsOf(first)}` };
  if (store.port === first.port) return undefined;
  const message = `${name} has port ${store.port}, and ${where} has ${first.port}`;
  return { resource, path, message };
}

function tlsOf({ tls }: Store): string {
  return tls ? 'uses TLS' : 'uses plain HTTP';
}
