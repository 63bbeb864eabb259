/**
 * The connections that programs make because of their configs: API, workflow engine, object store, database, identity provider, the
 * Kubernetes API of this cluster and of compute clusters.
 *
 * Sources: Michelangelo's `go/base/config` (`metadataStorage`, `mysql`), its operator guide "Authentication" (`apiserver.auth.oidc`),
 * `go/components/inferenceserver/backends/triton.go` (a call to each inference server's own Service), minio-go's `credentials.IAM`.
 */
import { computeWord, type EgressWord, PORTS_OF_WORDS } from '../config/network-words.ts';
import { connectionOf } from '../manifests/cluster.ts';
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { isIp, isTemplated, readAddress, withoutBrackets } from '../net/addresses.ts';
import { asRange } from '../net/cidrs.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { asNumber, asText, getIn, isObject } from '../yaml/json.ts';
import { apiConfigsOf } from './api-config.ts';
import { filledIn } from './filled-in.ts';
import { type Need, needsOfService, tcp } from './need.ts';
import { isOwnAddress } from './needs-of-callers.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from './parts.ts';
import { peersOf } from './peers.ts';
import type { Surface } from './surface.ts';

/** Where MySQL listens unless the config says. */
const MYSQL_PORT = 3306;

/** What a config names: a host, or an address that the program fills in when it starts. */
interface Named {
  /** As messages call it; undefined for the API server. */
  name?: string;
  to?: EgressWord;
  host: string;
  port: number;
}

/** Calls of users and of probes are in `needs-of-callers.ts`. */
export function programNeeds(surface: Surface): Need[] {
  const apiPods = [...new Set(surface.apiServices.flatMap((service) => surface.podsOf(service)))];
  const ofApi = apiConfigsOf(apiPods, surface);
  const managers = surface.controllerManagers;
  const both = [...managers, ...ofApi];
  return [
    ...kubernetesNeeds(surface, apiPods),
    ...named(surface, surface.clients, (target) => [...apiOf(target), ...enginesAndStores(target)]),
    ...named(surface, both, databaseOf),
    ...named(surface, ofApi, identityProviderOf),
    ...cloudIdentityNeeds(surface),
    ...inferenceNeeds(surface),
    ...clusterNeeds(surface),
  ];
}

/**
 * API server and controller manager keep everything in the Kubernetes API. Which port a policy has to open depends on the cluster: 443 is
 * that of its Service and of managed clusters, 6443 the usual one elsewhere.
 */
function kubernetesNeeds(surface: Surface, servers: readonly Resource[]): Need[] {
  const managers = surface.mounting(surface.controllerManagers);
  return [...new Set([...servers, ...managers])].map(
    (source): Need => ({
      source,
      target: undefined,
      targetName: 'the Kubernetes API',
      ports: PORTS_OF_WORDS['kubernetes-api'].map(tcp),
      outside: { to: 'kubernetes-api', isAddress: true },
    }),
  );
}

function named(
  surface: Surface,
  targets: readonly DocumentTarget[],
  namedIn: (target: DocumentTarget) => Named[],
): Need[] {
  return targets.flatMap((target) => {
    const found = namedIn(target).filter(({ host }) => !isOwnAddress(host));
    return surface
      .mounting([target])
      .flatMap((source) => found.flatMap((each) => needOf(surface, source, each)));
  });
}

/** The API server as a worker's config names it. */
function apiOf(target: DocumentTarget): Named[] {
  const address = readAddress(asText(getIn(jsonOf(target), ['worker', 'address']) ?? ''));
  return address ? [{ ...address, port: address.port ?? (turnsTlsOn(target) ? 443 : 80) }] : [];
}

function enginesAndStores(target: DocumentTarget): Named[] {
  return peersOf(jsonOf(target)).map(({ name, host, port }) => ({
    name,
    to: name === 'workflow engine' ? 'workflow-engine' : 'object-store',
    host,
    port,
  }));
}

/** In use where metadata is stored, and then needed by both programs. */
function databaseOf(target: DocumentTarget): Named[] {
  const json = jsonOf(target);
  const isOn = getIn(json, ['metadataStorage', 'enableMetadataStorage']);
  const mysql = getIn(json, ['mysql']);
  if (!isObject(mysql) || isOn === undefined || asText(isOn) === 'false') return [];
  const { host, port } = mysql;
  const number = asNumber(port ?? MYSQL_PORT);
  const isRead = typeof host === 'string' && Number.isInteger(number);
  return [{ name: 'database', to: 'database', host: isRead ? host : '${}', port: number }];
}

function identityProviderOf(target: DocumentTarget): Named[] {
  const url = getIn(jsonOf(target), ['apiserver', 'auth', 'oidc', 'issuerUrl']);
  if (typeof url !== 'string' || url === '') return [];
  const { scheme, host, port } = readAddress(url) ?? { host: '${}' };
  const name = 'identity provider';
  return [{ name, to: 'identity-provider', host, port: port ?? (scheme === 'http' ? 80 : 443) }];
}

function needOf(surface: Surface, source: Resource, { name, to, host, port }: Named): Need[] {
  const parsed = parseServiceAddress(host);
  const word = to ?? (parsed ? 'api-server' : 'public-api');
  const service = serviceAt(host, source, surface.manifests);
  if (service) return needsOfService(surface, { source, to: word }, service, port);
  const isKnown = readAddress(host) !== undefined && !isTemplated(host);
  return [
    {
      source,
      target: undefined,
      targetName: `the ${name ?? 'API server'} (${isKnown ? host : 'an address that is filled in when it starts'})`,
      ports: isKnown ? [tcp(port)] : [],
      outside: {
        to: word,
        ...(parsed ? { namespace: parsed.namespace ?? source.namespace } : {}),
        ...(isIp(host) ? { ip: withoutBrackets(host) } : {}),
      },
    },
  ];
}

/** Keys for the object store that the cloud hands out: by which service, and on which port, only the cluster knows. */
function cloudIdentityNeeds(surface: Surface): Need[] {
  const asking = surface.clients.filter(
    (target) => asText(getIn(jsonOf(target), ['minio', 'useIam'])) === 'true',
  );
  return asking.flatMap((target) => {
    const fromEnvironment = asText(getIn(jsonOf(target), ['minio', 'useEnvAws']) ?? '');
    return surface
      .mounting([target])
      .filter((source) => filledIn(fromEnvironment, source) !== 'true')
      .map(
        (source): Need => ({
          source,
          target: undefined,
          targetName: "the cloud's identity service, for keys of the object store (useIam)",
          ports: [],
          outside: { to: 'cloud-identity', isAddress: true },
        }),
      );
  });
}

/** The controller manager asks each inference server whether its models are ready. */
function inferenceNeeds(surface: Surface): Need[] {
  const told = surface.controllerManagers.filter((target) =>
    isObject(getIn(jsonOf(target), ['inferenceServer'])),
  );
  return surface.mounting(told).map(
    (source): Need => ({
      source,
      target: undefined,
      targetName: 'inference servers',
      ports: [],
      outside: { to: 'inference-servers' },
    }),
  );
}

/** From the controller manager to each compute cluster, on the port of its Kubernetes API. */
function clusterNeeds(surface: Surface): Need[] {
  const clusters = clustersOf(surface);
  return surface.mounting(surface.controllerManagers).flatMap((source) =>
    clusters.flatMap(({ name, host, port, cidrs }) => {
      const own = isIp(host) ? [asRange(withoutBrackets(host))] : [];
      const ranges: { cidr?: string }[] = [...cidrs, ...(cidrs.length > 0 ? [] : own)].map(
        (cidr) => ({ cidr }),
      );
      if (ranges.length === 0) ranges.push({});
      return ranges.map(
        (range): Need => ({
          source,
          target: undefined,
          targetName: `compute cluster ${name}${range.cidr ? ` (${range.cidr})` : ''}`,
          ports: [tcp(port)],
          outside: { to: computeWord(name), isAddress: true, ...range },
        }),
      );
    }),
  );
}

/** Those of the config, then those that are registered without it. */
function clustersOf({ settings, manifests }: Surface) {
  const listed = settings?.computeClusters ?? [];
  const registered = manifests
    .find(['Cluster'], ['michelangelo.api'])
    .filter((cluster) => groupOf(cluster) === 'michelangelo.api')
    .filter(({ name }) => !listed.some((each) => each.name === name))
    .flatMap((cluster) => {
      const connection = connectionOf(cluster);
      const { host } = readAddress(connection.host) ?? {};
      const port = Number(connection.port);
      return host && port > 0 ? [{ name: cluster.name, host, port, cidrs: [] }] : [];
    });
  return [...listed, ...registered];
}
