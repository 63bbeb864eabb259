/** Which object store each program, and task pods, are told to use. */
import type { Resource } from '../manifests/resource.ts';
import { isTemplated, readAddress } from '../net/addresses.ts';
import { getIn } from '../yaml/json.ts';
import { jsonOf } from './parts.ts';
import { peersOf } from './peers.ts';
import type { Surface } from './surface.ts';
import { variableOf } from './task-pods.ts';

/** An object store as one program is told of it. */
export interface Store {
  resource: Resource;
  /** Where its address stands. */
  path: string;
  /** The section or the variable that names it. */
  name: string;
  host: string;
  port: number;
  tls: boolean;
  /** Whether the address is a URL. */
  isUrl: boolean;
}

/** Those that can be judged: what a program fills in when it starts is left out. */
export function storesOf({ clients, taskPods }: Surface): Store[] {
  const ofPrograms = clients.flatMap((target) =>
    peersOf(jsonOf(target))
      .filter(({ name }) => name === 'object store')
      .map(({ path, host, port, tls, isUrl }): Store => {
        const { resource, key } = target;
        return {
          resource,
          path: `data[${key}].${path.join('.')}`,
          name: 'minio',
          host,
          port,
          tls,
          isUrl,
        };
      }),
  );
  const ofTaskPods = taskPods.flatMap((resource): Store[] => {
    const name = 'AWS_ENDPOINT_URL';
    const { scheme, host, port } = readAddress(variableOf(resource, name)) ?? {};
    if (host === undefined || scheme === undefined) return [];
    const tls = scheme === 'https';
    const isUrl = true;
    return [
      { resource, path: `data.${name}`, name, host, port: port ?? (tls ? 443 : 80), tls, isUrl },
    ];
  });
  return [...ofPrograms, ...ofTaskPods].filter(({ host }) => host !== '' && !isTemplated(host));
}

/** Where the logs of jobs go. Source: upstream's Helm chart, `controllermgr-configmap.yaml`. */
export const LOGS = ['jobs', 'k8sengine', 'mapper', 'logPersistence'];

/** A store of logs, and what `s3DisableSSL` says where the address says the opposite. */
export interface LogStore extends Store {
  isDisputed: boolean;
}

/**
 * Those whose choice of TLS is written. The collector uses the AWS SDK, where a scheme in the endpoint goes before `DisableSSL`.
 *
 * Source: aws-sdk-go, `aws/endpoints.AddScheme`.
 */
export function logStoresOf({ clients }: Surface): LogStore[] {
  return clients.flatMap((target): LogStore[] => {
    const json = getIn(jsonOf(target), LOGS);
    const written = getIn(json, ['storageEndpoint']);
    if (typeof written !== 'string' || getIn(json, ['enabled']) === false) return [];
    const { scheme, host = '', port } = readAddress(written) ?? {};
    const isOff = getIn(json, ['s3DisableSSL']);
    const isSaid = scheme !== undefined || typeof isOff === 'boolean';
    if (host === '' || isTemplated(host) || !isSaid) return [];
    const tls = scheme === undefined ? isOff === false : scheme === 'https';
    const { resource, key } = target;
    return [
      {
        resource,
        path: `data[${key}].${[...LOGS, 'storageEndpoint'].join('.')}`,
        name: 'logPersistence',
        host,
        port: port ?? (tls ? 443 : 80),
        tls,
        isUrl: scheme !== undefined,
        isDisputed: scheme !== undefined && isOff === tls,
      },
    ];
  });
}
