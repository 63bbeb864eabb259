/** Whether the workers' address is the API's: at an entry, or at the Service in the cluster. */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isHeadless, servicePorts } from '../../manifests/service.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { type Address, isTemplated, readHostAndPort } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import { getIn } from '../../yaml/json.ts';
import { apiServicePort } from '../api-port.ts';
import { apiEndsTls } from '../api-tls.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from '../parts.ts';
import { placeholderIn } from '../placeholders.ts';
import {
  expectedPort,
  isExplained,
  isPublicPort,
  type PublicSide,
  publicSide,
  serves,
  uiPorts,
} from '../public-side.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** Fields of `worker`: the path of a fault below. */
const ADDRESS = 'address';
const USE_TLS = 'useTLS';

/** What is wrong with a worker's address: it is that of no entry and of no Service of the API server. */
export function workerFault(target: DocumentTarget, surface: Surface): Fault | undefined {
  const fault = judge(target, surface);
  return fault && inDocument(target, ['worker', String(fault.path)], fault);
}

function judge(target: DocumentTarget, surface: Surface): Fault | undefined {
  const written = getIn(jsonOf(target), ['worker', 'address']);
  const text = typeof written === 'string' ? written : '';
  if (isTemplated(text) || placeholderIn(text) !== undefined) return undefined;
  const address = readHostAndPort(text);
  const side = publicSide(surface, 'api');
  const mend = side && `write \`${publicAddress(side)}\`, or the address of the API Service`;
  if (!address) return { path: ADDRESS, message: 'the address is not `host:port`', mend };
  if (isExplained(surface, address.host)) return undefined;
  const service = apiServiceAt(address.host, target.resource, surface);
  if (service) return onService(address, service, target, surface);
  // In a part of the manifests, without Services, a name may be one of a Service.
  const isBeyond = surface.services.length === 0 && parseServiceAddress(address.host) !== undefined;
  if (!side || isBeyond) return onUnknown(address, surface);
  if (!serves(side, address.host)) {
    const message = `${address.host} is neither the host of an API entry (${side.hosts.join(', ')}) nor the API Service`;
    return { path: ADDRESS, message, mend };
  }
  return onPublic(address, side, target, surface);
}

function onPublic(
  address: Address,
  side: PublicSide,
  target: DocumentTarget,
  surface: Surface,
): Fault | undefined {
  const useTls = getIn(jsonOf(target), ['worker', 'useTLS']);
  const isTls = turnsTlsOn(target);
  const scheme = side.scheme === 'either' ? (isTls ? 'https' : 'http') : side.scheme;
  const isUnknown = typeof useTls === 'string' && isTemplated(useTls);
  if (!isUnknown && isTls !== (scheme === 'https'))
    return {
      path: USE_TLS,
      message: isTls
        ? `useTLS is on, but ${address.host} has no TLS`
        : `useTLS is not on, but ${address.host} speaks TLS`,
      mend: `set \`useTLS: ${!isTls}\``,
    };
  const { port } = address;
  const isConfirmed = () => port !== undefined && uiPorts(surface).includes(port);
  if (port !== undefined && isPublicPort(side, scheme, port, isConfirmed)) return undefined;
  const expected = expectedPort(side, scheme);
  return {
    path: ADDRESS,
    message:
      port === undefined
        ? `the address names no port: ${address.host} is served on ${expected}`
        : `port ${port} is not that of the entry for ${address.host}, which is ${expected}`,
    mend: `write \`${address.host}:${expected}\``,
  };
}

function onService(
  address: Address,
  service: Resource,
  target: DocumentTarget,
  surface: Surface,
): Fault | undefined {
  const ports = isHeadless(service)
    ? servicePorts(service).flatMap(({ port, targetPort }) => [port, Number(targetPort)])
    : servicePorts(service).map(({ port }) => port);
  if (ports.length > 0 && (address.port === undefined || !ports.includes(address.port))) {
    const expected = apiServicePort(service)?.port ?? ports[0];
    return {
      path: ADDRESS,
      message:
        address.port === undefined
          ? `the address names no port: Service ${service.name} has ${ports.join(', ')}`
          : `Service ${service.name} has no port ${address.port}`,
      mend: `write \`${address.host}:${expected}\``,
    };
  }
  const endsTls = apiEndsTls(service, surface);
  if (turnsTlsOn(target) === endsTls) return undefined;
  return {
    path: USE_TLS,
    message: endsTls
      ? `useTLS is not on, but the pods of Service ${service.name} speak TLS`
      : `useTLS is on, but Service ${service.name} speaks plain gRPC`,
    mend: `set \`useTLS: ${endsTls}\`, or use the public address`,
  };
}

/** Without an entry only names inside of the cluster can be judged. */
function onUnknown({ host }: Address, { apiServices, services }: Surface): Fault | undefined {
  const parsed = parseServiceAddress(host);
  const isInside = parsed && (parsed.namespace === undefined || parsed.zone.length > 0);
  const isHere = services.some(({ namespace }) =>
    sameNamespace(namespace, parsed?.namespace ?? ''),
  );
  const [api] = apiServices;
  if (!isInside || !isHere || !api || host === 'localhost') return undefined;
  return {
    path: ADDRESS,
    message: `there is no Service ${parsed.name} that leads to the API server`,
    mend: `name Service ${api.name}`,
  };
}

/** The Service of the API server that an address names, headless twins included. */
function apiServiceAt(host: string, worker: Resource, surface: Surface): Resource | undefined {
  const parsed = parseServiceAddress(host);
  if (!parsed) return undefined;
  const owners = new Set(surface.apiServices.flatMap((api) => surface.podsOf(api)));
  const services = surface.services.filter(
    (service) =>
      surface.apiServices.includes(service) ||
      surface.podsOf(service).some((workload) => owners.has(workload)),
  );
  const found = serviceAt(host, worker, surface.manifests);
  return found && services.includes(found) ? found : undefined;
}

function publicAddress(side: PublicSide): string {
  const scheme = side.scheme === 'http' ? 'http' : 'https';
  return `${side.hosts[0]}:${expectedPort(side, scheme)}`;
}
