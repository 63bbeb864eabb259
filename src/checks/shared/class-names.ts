/** Classes of Ingresses and Gateways that nothing serves, with the one that was probably meant. */
import { CONTROLLERS } from '../../controllers/index.ts';
import { GATEWAY_IMPLEMENTATIONS } from '../../controllers/shared/gateways.ts';
import { gatewayClassOf } from '../../manifests/gateway.ts';
import { classOf } from '../../manifests/ingress.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';

const WELL_KNOWN: Readonly<Record<ClassKind, readonly string[]>> = {
  IngressClass: Object.values(CONTROLLERS).map(({ className }) => className),
  GatewayClass: GATEWAY_IMPLEMENTATIONS.flatMap(({ classNames }) => classNames),
};

type ClassKind = 'IngressClass' | 'GatewayClass';

/** The class that an Ingress or a Gateway asks for. */
export function classAskedBy(resource: Resource): { kind: ClassKind; name: string } | undefined {
  const isGateway = resource.kind === 'Gateway';
  const name = isGateway ? gatewayClassOf(resource) : classOf(resource);
  return name ? { kind: isGateway ? 'GatewayClass' : 'IngressClass', name } : undefined;
}

/** What was probably meant, and what tells it: a class of the stream, one that others ask for, or one that a controller has by default. */
interface MeantClass {
  name: string;
  from: 'stream' | 'others' | 'default';
}

/** Undefined for a class that is there, and where none has a name like it. */
export function meantClass(resource: Resource, { manifests }: Surface): MeantClass | undefined {
  const asked = classAskedBy(resource);
  if (!asked) return undefined;
  const { kind, name } = asked;
  const here = manifests.ofKind(kind).map((one) => one.name);
  if (here.includes(name) || WELL_KNOWN[kind].includes(name)) return undefined;
  const others = manifests
    .ofKind(resource.kind)
    .flatMap((one) => (one === resource ? [] : (classAskedBy(one)?.name ?? [])));
  const isRare = !others.includes(name);
  const ways = [
    { from: 'stream', names: here },
    { from: 'others', names: isRare ? others : [] },
    { from: 'default', names: WELL_KNOWN[kind] },
  ] as const;
  for (const { from, names } of ways) {
    const near = names.find((one) => isMisspelled(name, one));
    if (near !== undefined) return { name: near, from };
  }
  return undefined;
}
