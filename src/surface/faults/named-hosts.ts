/** Hosts in configs, variables and waiting commands that are no Service of the stream, or a port that theirs does not have. */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { servicePorts } from '../../manifests/service.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { isIp, isTemplated } from '../../net/addresses.ts';
import { parseServiceAddress, type ServiceAddress } from '../../net/service-address.ts';
import { programsOf } from '../configs.ts';
import { type NamedHost, namedHosts } from '../named-hosts.ts';
import { isMisspelledName } from '../near-names.ts';
import { once } from '../once.ts';
import { isExplained } from '../public-side.ts';
import { portRefusal, reachedPorts } from '../service-reach.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

/** None or one fault for each host, at the place that names it. */
export function namedHostFaults(surface: Surface): Fault[] {
  return namedHosts(surface).flatMap((named) => {
    const { host, at } = named;
    if (isIp(host) || isTemplated(host) || host === 'localhost') return [];
    const parsed = parseServiceAddress(host);
    const service = parsed && serviceAt(host, named.home, surface.manifests);
    const fault = service
      ? onPort(named, service, surface)
      : ((parsed && onMissing(named, parsed, surface)) ?? onPublic(named, surface));
    return fault ? [at(fault)] : [];
  });
}

function onPort(
  { what, host, port }: NamedHost,
  service: Resource,
  surface: Surface,
): Fault | undefined {
  const refusal = port === undefined ? undefined : portRefusal(service, port, surface);
  if (refusal === undefined) return undefined;
  const reached = reachedPorts(service, surface);
  return {
    message: `${what} names ${host}:${port}, and Service ${service.name} ${refusal}`,
    fix: `write one of: ${reached.map((own) => `\`${host}:${own}\``).join(', ')}`,
  };
}

/** A Service that was probably meant: the name with something around it, or misspelled, or the same in another namespace. */
function onMissing(named: NamedHost, address: ServiceAddress, surface: Surface): Fault | undefined {
  const { what, host, port, home, isAwaited } = named;
  const { name } = address;
  const namespace = address.namespace ?? home.namespace;
  const there = surface.services.filter((service) => sameNamespace(service.namespace, namespace));
  const hasPort = (service: Resource) =>
    port === undefined || servicePorts(service).some((own) => own.port === port);
  const near = nearestName(
    name,
    there.filter(hasPort).map((service) => service.name),
  );
  const written = `${host}${port === undefined ? '' : `:${port}`}`;
  const missing = `${what} names ${written}, and there is no Service ${name} ${address.namespace ? `in namespace ${namespace}` : 'here'}`;
  if (near)
    return {
      severity: 'warning',
      message: `${missing}; ${near} ${port === undefined ? 'is there' : 'has that port'}`,
      fix: `write ${near}, or let the layer that renames be the one that lists the DomainConfig`,
    };
  const [elsewhere] = surface.manifests
    .namesakes('Service', name)
    .filter((service) => service.name === name && hasPort(service));
  if (elsewhere && elsewhere.namespace !== '' && namespace !== '')
    return {
      severity: 'warning',
      message: `${missing}; it is in namespace ${elsewhere.namespace}`,
      fix: `write \`${name}.${elsewhere.namespace}\` where that one is meant`,
    };
  if (!isAwaited || address.namespace !== undefined || there.length === 0) return undefined;
  if (!programs(surface).has(home)) return undefined;
  return {
    severity: 'warning',
    message: `${missing}: the pod waits for ever unless something outside of these manifests makes it`,
    fix: 'name a Service that is there, or accept this with a reason',
  };
}

/** With something around it, then misspelled, then cut off. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  return (
    names.find((own) => own.endsWith(`-${name}`) || own.startsWith(`${name}-`)) ??
    names.find((own) => isMisspelledName(own, name)) ??
    names.find((own) => own.startsWith(name))
  );
}

const programs = once((surface) => new Set(programsOf(surface)));

/** A public name that is one or two letters from a public host of these manifests. */
function onPublic({ what, host }: NamedHost, surface: Surface): Fault | undefined {
  if (isExplained(surface, host)) return undefined;
  const own = publicHosts(surface);
  const meant = own.includes(host) ? undefined : own.find((one) => isMisspelledName(one, host));
  return meant === undefined
    ? undefined
    : {
        severity: 'warning',
        message: `${what} names ${host}, which no entry of these manifests serves; ${meant} is one of theirs`,
        fix: `write ${meant}, unless the other one is meant`,
      };
}

const publicHosts = once(({ entries }) => [
  ...new Set(
    entries
      .filter(({ roles }) => roles.size > 0)
      .flatMap(({ hosts }) => hosts.map((host) => host.toLowerCase())),
  ),
]);
