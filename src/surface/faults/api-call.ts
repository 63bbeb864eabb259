/** Whether the address under which a program calls the API is the API's: at an entry, or at the Service in the cluster. */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { type Address, isTemplated, readHostAndPort } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import { apiServicePort } from '../api-port.ts';
import { apiEndsTls } from '../api-tls.ts';
import { lacksHost } from '../other-hosts.ts';
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
import { portRefusal, reachedPorts } from '../service-reach.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

/** How a program is told to call the API. */
interface ApiCall {
  /** What is written as its address, of whatever type. */
  written: unknown;
  /** Whether it speaks TLS; undefined where it decides when it starts. */
  useTls: boolean | undefined;
  /** The resource that says it. */
  home: Resource;
  /** What turns TLS on, in messages: `useTLS`. */
  switchName: string;
  /** What to write to turn it on or off. */
  setting: (isOn: boolean) => string;
}

/** Its `path` is what has to change. */
interface ApiCallFault extends Fault {
  path: 'address' | 'tls';
}

/** What is wrong with a call: its address is that of no entry and of no Service of the API server, or it speaks TLS where there is none. */
export function apiCallFault(call: ApiCall, surface: Surface): ApiCallFault | undefined {
  const text = typeof call.written === 'string' ? call.written : '';
  if (isTemplated(text) || placeholderIn(text) !== undefined) return undefined;
  const address = readHostAndPort(text);
  const side = publicSide(surface, 'api');
  const fix = side && `write \`${publicAddress(side)}\`, or the address of the API Service`;
  if (!address) return { path: 'address', message: 'the address is not `host:port`', fix };
  if (isExplained(surface, address.host)) return undefined;
  const service = apiServiceAt(address.host, call.home, surface);
  if (service) return onService(address, service, call, surface);
  // In a part of the manifests, without Services, a name may be one of a Service.
  const isBeyond = surface.services.length === 0 && parseServiceAddress(address.host) !== undefined;
  if (!side || isBeyond) return onUnknown(address, surface) ?? besideOthers(address, surface);
  if (!serves(side, address.host)) {
    // What an entry's host will be is not known yet.
    if (side.hosts.some(isTemplated)) return undefined;
    const message = `${address.host} is neither the host of an API entry (${side.hosts.join(', ')}) nor the API Service`;
    return {
      path: 'address',
      message,
      fix: `${fix}; where ${address.host} is meant, give it to the entry`,
    };
  }
  return onPublic(address, side, call, surface);
}

function onPublic(
  address: Address,
  side: PublicSide,
  { useTls, switchName, setting }: ApiCall,
  surface: Surface,
): ApiCallFault | undefined {
  const scheme = side.scheme === 'either' ? (useTls ? 'https' : 'http') : side.scheme;
  if (useTls !== undefined && useTls !== (scheme === 'https'))
    return {
      path: 'tls',
      message: useTls
        ? `${switchName} is on, but ${address.host} has no TLS`
        : `${switchName} is not on, but ${address.host} speaks TLS`,
      fix: `set \`${setting(!useTls)}\``,
    };
  const { port } = address;
  const isConfirmed = () => port !== undefined && uiPorts(surface).includes(port);
  if (port !== undefined && isPublicPort(side, scheme, port, isConfirmed)) return undefined;
  const expected = expectedPort(side, scheme);
  return {
    path: 'address',
    message:
      port === undefined
        ? `the address names no port: ${address.host} is served on ${expected}`
        : `port ${port} is not that of the entry for ${address.host}, which is ${expected}`,
    fix: `write \`${address.host}:${expected}\``,
  };
}

function onService(
  address: Address,
  service: Resource,
  { useTls, switchName, setting }: ApiCall,
  surface: Surface,
): ApiCallFault | undefined {
  const ports = reachedPorts(service, surface);
  if (ports.length > 0 && (address.port === undefined || !ports.includes(address.port))) {
    const usual = apiServicePort(service)?.port ?? Number.NaN;
    const expected = ports.includes(usual) ? usual : ports[0];
    return {
      path: 'address',
      message:
        address.port === undefined
          ? `the address names no port: Service ${service.name} has ${ports.join(', ')}`
          : `port ${address.port} is none of Service ${service.name}, which ${portRefusal(service, address.port, surface)}`,
      fix: `write \`${address.host}:${expected}\``,
    };
  }
  const endsTls = apiEndsTls(service, surface);
  if (useTls === undefined || useTls === endsTls) return undefined;
  return {
    path: 'tls',
    message: endsTls
      ? `${switchName} is not on, but the pods of Service ${service.name} speak TLS`
      : `${switchName} is on, but Service ${service.name} speaks plain gRPC`,
    fix: `set \`${setting(endsTls)}\`, or use the public address`,
  };
}

/** Without an entry only names inside of the cluster can be judged. */
function onUnknown(
  { host }: Address,
  { apiServices, services }: Surface,
): ApiCallFault | undefined {
  const parsed = parseServiceAddress(host);
  const isInside = parsed && (parsed.namespace === undefined || parsed.zone.length > 0);
  const isHere = services.some(({ namespace }) =>
    sameNamespace(namespace, parsed?.namespace ?? ''),
  );
  const [api] = apiServices;
  if (!isInside || !isHere || !api || host === 'localhost') return undefined;
  return {
    path: 'address',
    message: `there is no Service ${parsed.name} that leads to the API server`,
    fix: `name Service ${api.name}`,
  };
}

/** Of entries of other kinds the hosts alone are read. */
function besideOthers({ host }: Address, surface: Surface): ApiCallFault | undefined {
  const other = lacksHost('api', host, surface);
  return (
    other && {
      path: 'address',
      severity: 'warning',
      message: `${host} is not among the hosts of ${other.label}, which leads to the API server: ${other.hosts.join(', ')}`,
      fix: 'write the same host in both, or the address of the API Service here',
    }
  );
}

/** The Service of the API server that an address names, headless twins included. */
function apiServiceAt(host: string, home: Resource, surface: Surface): Resource | undefined {
  const parsed = parseServiceAddress(host);
  if (!parsed) return undefined;
  const owners = new Set(surface.apiServices.flatMap((api) => surface.podsOf(api)));
  const services = surface.services.filter(
    (service) =>
      surface.apiServices.includes(service) ||
      surface.podsOf(service).some((workload) => owners.has(workload)),
  );
  const found = serviceAt(host, home, surface.manifests);
  return found && services.includes(found) ? found : undefined;
}

function publicAddress(side: PublicSide): string {
  const scheme = side.scheme === 'http' ? 'http' : 'https';
  return `${side.hosts[0]}:${expectedPort(side, scheme)}`;
}
