import { isTemplated } from '../net/addresses.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { storesOf } from '../surface/stores.ts';
import type { Surface } from '../surface/surface.ts';
import { variableOf } from '../surface/task-pods.ts';
import type { Check } from './check.ts';

const VARIABLE = 'AWS_ENDPOINT_URL';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'The address of the object store in the form of another program',
  why: 'In spite of its name `minio.awsEndpointUrl` is `host:port`: with a URL the program stops when it starts. Whether TLS is used is said by `minio.secure`, and absent means plain HTTP. Task pods want a URL in `AWS_ENDPOINT_URL`: without a scheme every access fails.',
  fix: 'write host and port alone in `minio.awsEndpointUrl`, with `secure: true` for https, and the URL in `AWS_ENDPOINT_URL`; `spec.objectStore.endpoint` takes either form',
  find: (surface) => [...urls(surface), ...withoutScheme(surface)],
};

function urls(surface: Surface): Fault[] {
  return storesOf(surface)
    .filter(({ name, isUrl }) => name === 'minio' && isUrl)
    .map(({ resource, path }) => ({
      resource,
      path,
      message: 'the address of the object store is a URL',
      fix: 'write host and port alone, and `secure: true` for https; `spec.objectStore.endpoint` takes either form',
    }));
}

function withoutScheme({ taskPods }: Surface): Fault[] {
  return taskPods.flatMap((resource) => {
    const written = variableOf(resource, VARIABLE);
    if (written === '' || isTemplated(written) || /^https?:\/\//i.test(written)) return [];
    return [
      {
        resource,
        path: `data.${VARIABLE}`,
        message: `${VARIABLE} is ${written}, without http:// or https:// in front`,
        fix: `write the URL, \`https://${written.replace(/^\w*:?\/\//, '')}\` where the store has TLS`,
      },
    ];
  });
}
