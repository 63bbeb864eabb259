/**
 * Hosts that programs are given beside the address of the API: in configs, in variables, in commands of init containers that wait for them.
 *
 * Sources: Michelangelo's `go/base/config` (`mysql`); the usage texts of nc, nslookup, pg_isready, mysqladmin, wait-for-it, k8s-wait-for.
 */
import { type PlacedContainer, placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { readAddress } from '../net/addresses.ts';
import { asNumber, asText, getIn, list, stringAt, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { apiConfigsOf } from './api-config.ts';
import { programsOf } from './configs.ts';
import { type Fault, inDocument } from './faults/fault.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import { PEER_PLACES } from './peers.ts';
import type { Surface } from './surface.ts';

/** A host that a config names, and where. */
export interface NamedHost {
  host: string;
  /** Undefined where none is written. */
  port: number | undefined;
  /** As messages call it: `the workflow engine`, `MA_API_SERVER`. */
  what: string;
  /** Whether a pod waits for it before it starts. */
  isAwaited: boolean;
  /** The resource whose namespace names without one are in. */
  home: Resource;
  /** A fault at its place. */
  at: (fault: Fault) => Fault;
}

/** Every place that names a host; one host may be named at several. */
export function namedHosts(surface: Surface): NamedHost[] {
  const apiPods = surface.apiServices.flatMap((service) => surface.podsOf(service));
  const databases = [...surface.controllerManagers, ...apiConfigsOf(apiPods, surface)];
  return [
    ...surface.clients.flatMap(peersIn),
    ...databases.flatMap(databaseIn),
    ...surface.taskPods.flatMap(storeOfTaskPods),
    ...programsOf(surface).flatMap((workload) =>
      placedContainers(workload).flatMap((container) => variablesIn(container, workload)),
    ),
    ...surface.workloads.flatMap((workload) =>
      placedContainers(workload)
        .filter(({ path }) => path.includes('initContainers'))
        .flatMap((container) => awaitedBy(container, workload)),
    ),
  ];
}

function peersIn(target: DocumentTarget): NamedHost[] {
  return PEER_PLACES.flatMap(({ path, name }) => {
    const address = readAddress(stringAt(jsonOf(target), path));
    if (!address) return [];
    const at = (fault: Fault) => inDocument(target, path, fault);
    return [{ ...address, what: `the ${name}`, isAwaited: false, home: target.resource, at }];
  });
}

function databaseIn(target: DocumentTarget): NamedHost[] {
  const host = stringAt(jsonOf(target), ['mysql', 'host']);
  const port = asNumber(getIn(jsonOf(target), ['mysql', 'port']) ?? Number.NaN);
  const address = readAddress(host);
  if (!address) return [];
  const at = (fault: Fault) => inDocument(target, ['mysql', 'host'], fault);
  const number = address.port ?? (Number.isInteger(port) ? port : undefined);
  return [
    {
      host: address.host,
      port: number,
      what: 'the database',
      isAwaited: false,
      home: target.resource,
      at,
    },
  ];
}

function storeOfTaskPods(resource: Resource): NamedHost[] {
  const address = readAddress(stringAt(resource.json, ['data', 'AWS_ENDPOINT_URL']));
  if (!address) return [];
  const at = (fault: Fault) => ({ ...fault, resource, path: 'data.AWS_ENDPOINT_URL' });
  return [{ ...address, what: 'AWS_ENDPOINT_URL', isAwaited: false, home: resource, at }];
}

/** Values that are an address for certain: with a port, a scheme, or `svc` in it. */
function variablesIn({ json, path }: PlacedContainer, home: Resource): NamedHost[] {
  return list(json['env']).flatMap(({ name, value }, index) => {
    const address =
      typeof value === 'string' && !value.includes('$') ? readAddress(value) : undefined;
    if (!address || !/^[a-z]/.test(address.host)) return [];
    const isAddress =
      address.port !== undefined ||
      address.scheme !== undefined ||
      /\.svc(?:\.|$)/.test(address.host);
    if (!isAddress) return [];
    const at = (fault: Fault) => ({
      ...fault,
      resource: home,
      path: toPath([...path, 'env', index, 'value']),
    });
    return [{ ...address, what: asText(name), isAwaited: false, home, at }];
  });
}

const HOST = '([a-z][a-z0-9.-]*[a-z0-9])';
const END = '(?![\\w.-])';

/** Commands that wait for a host, with the host and, where it is there, the port. */
const WAITS: readonly RegExp[] = [
  // nc -z -w 2 HOST PORT
  new RegExp(
    `(?:^|[\\s/])(?:nc|ncat|netcat)\\s+(?:-\\S+\\s+(?:\\d+\\s+)?)*${HOST}\\s+(\\d{2,5})${END}`,
    'g',
  ),
  new RegExp(
    `(?:^|[\\s/])(?:nslookup|getent\\s+(?:ahosts|hosts)|dig(?:\\s\\+\\S+)*|ping(?:\\s-\\S+(?:\\s\\d+)?)*)\\s+${HOST}()${END}`,
    'g',
  ),
  new RegExp(`(?:https?|tcp|grpc)://${HOST}(?::(\\d{2,5}))?${END}`, 'g'),
  new RegExp(`/dev/tcp/${HOST}/(\\d{2,5})${END}`, 'g'),
  new RegExp(
    `(?:pg_isready|mysqladmin|mysql|redis-cli)\\s(?:.*?\\s)?(?:-h\\s*|--host[= ])${HOST}(?:\\s+(?:-p\\s*|-P\\s*|--port[= ])(\\d{2,5}))?${END}`,
    'g',
  ),
  // A word of its own: wait-for-it HOST:PORT
  new RegExp(`(?:^|\\s)${HOST}:(\\d{2,5})${END}`, 'g'),
];

function awaitedBy({ json, path }: PlacedContainer, home: Resource): NamedHost[] {
  const words = ['command', 'args'].flatMap((field) => strings(getIn(json, [field])));
  const text = words.join(' ').replaceAll(/["';]/g, ' ');
  // By host: one command may match in two ways, and the one with the port says more.
  const found = new Map<string, string>();
  for (const pattern of WAITS)
    for (const [, host = '', port = ''] of text.matchAll(pattern))
      if (!found.get(host)) found.set(host, port);
  // k8s-wait-for service NAME
  const [kind, name] = strings(json['args']);
  if (/k8s-wait-for/.test(stringAt(json, ['image'])) && kind === 'service' && name)
    found.set(name, '');
  const field = json['args'] === undefined ? 'command' : 'args';
  const at = (fault: Fault) => ({ ...fault, resource: home, path: toPath([...path, field]) });
  const what = `init container ${stringAt(json, ['name'])}`;
  return [...found].map(([host, port]) => ({
    host,
    port: port === '' ? undefined : Number(port),
    what,
    isAwaited: true,
    home,
    at,
  }));
}
