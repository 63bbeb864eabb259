import { storesOf } from '../surface/stores.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A URL where a program wants host and port of the object store',
  why: 'In spite of its name `minio.awsEndpointUrl` is `host:port`: with a URL the program stops when it starts. Whether TLS is used is said by `minio.secure`, and absent means plain HTTP.',
  mend: 'write host and port alone, and `secure: true` for https; `spec.objectStore.endpoint` takes either form',
  find: (surface) =>
    storesOf(surface)
      .filter(({ name, isUrl }) => name === 'minio' && isUrl)
      .map(({ resource, path }) => ({
        resource,
        path,
        message: 'the address of the object store is a URL',
      })),
};
