/** Which Service an address inside the cluster names: the one answer for every address in every config. */
import { parseServiceAddress, type ServiceAddress } from '../net/service-address.ts';
import { type Manifests, sameNamespace, sameObject } from './manifests.ts';
import type { Resource } from './resource.ts';

/** Written by kustomize where a layer sets a namespace. */
const PREVIOUS_NAMESPACES = 'internal.config.kubernetes.io/previousNamespaces';

/**
 * Whether an address is that of a Service, under its current or its original name. A namespace in it has to be one that the Service has
 * or had: `login.example` is no Service `login`. Without one it means the namespace of the resource that it stands in.
 * @param home - the resource that the address stands in
 */
export function isAddressOf(service: Resource, address: string, home: Resource): boolean {
  const parsed = parseServiceAddress(address);
  return parsed !== undefined && nearness(service, parsed, home) !== undefined;
}

/**
 * The Service that an address names; undefined where there is none, or where two that are equally near have the name. One that has the
 * name today comes before one that had it, and one that is there before one that was.
 */
export function serviceAt(
  address: string,
  home: Resource,
  manifests: Manifests,
): Resource | undefined {
  const parsed = parseServiceAddress(address);
  if (!parsed) return undefined;
  const near = manifests
    .namesakes('Service', parsed.name)
    .flatMap((service) => {
      const steps = nearness(service, parsed, home);
      return steps === undefined ? [] : [{ service, steps }];
    })
    .sort((left, right) => left.steps - right.steps);
  const [first, second] = near;
  // One that stands there twice is one.
  const isOne = second && first && sameObject(first.service.reference, second.service.reference);
  return first?.steps === second?.steps && !isOne ? undefined : first?.service;
}

/** How far a Service is from what an address says; undefined where it is another one. */
function nearness(service: Resource, parsed: ServiceAddress, home: Resource): number | undefined {
  const { name, namespace, zone } = parsed;
  if (!service.names.includes(name)) return undefined;
  const wanted = namespace === undefined ? namespacesOf(home) : [namespace];
  const own = namespacesOf(service);
  const ways = [
    service.namespace === wanted[0],
    own.some((each) => wanted.includes(each)),
    // One of the two does not say where it is.
    namespace === undefined
      ? sameNamespace(service.namespace, home.namespace)
      : service.namespace === '' && zone.length > 0,
  ];
  const way = ways.indexOf(true);
  return way < 0 ? undefined : way * 2 + Number(service.name !== name);
}

/** Namespaces that a resource has or had, the current one first. */
function namespacesOf(resource: Resource): string[] {
  const previous = resource.annotation(PREVIOUS_NAMESPACES)?.split(',') ?? [];
  return [resource.namespace, ...previous];
}
