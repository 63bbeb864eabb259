import { CLASS_ANNOTATION } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { classAskedBy, meantClass } from './shared/class-names.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A class that no controller serves',
  why: 'A controller takes up the Ingresses and Gateways of its own class. One of another class is served by nothing, and no event says so.',
  fix: 'name a class that is there',
  find: (surface) => {
    const ours = new Set(
      surface.entries
        .filter(({ roles }) => roles.size > 0)
        .flatMap(({ resource, listeners }) => [
          resource,
          ...listeners.map(({ gateway }) => gateway),
        ]),
    );
    return surface.manifests
      .ofKind('Ingress', 'Gateway')
      .flatMap((resource) => judge(resource, ours.has(resource), surface) ?? []);
  },
};

function judge(resource: Resource, isOurs: boolean, surface: Surface): Fault | undefined {
  const asked = classAskedBy(resource);
  if (!asked) return undefined;
  const { kind, name } = asked;
  const here = surface.manifests.ofKind(kind).map((one) => one.name);
  if (here.includes(name)) return undefined;
  const common = { resource, path: placeOf(resource) };
  const meant = meantClass(resource, surface);
  if (meant) {
    const known = {
      stream: `there is ${kind} ${meant.name}`,
      others: `the other entries have ${meant.name}`,
      default: `${meant.name} is the usual one`,
    }[meant.from];
    return {
      ...common,
      // A class may have any name where it is made.
      severity: meant.from === 'default' ? 'warning' : undefined,
      message: `there is no ${kind} ${name} here; ${known}`,
      fix: `write \`${meant.name}\``,
    };
  }
  if (here.length === 0 || !isOurs) return undefined;
  return {
    ...common,
    severity: 'warning',
    message: `there is no ${kind} ${name} in these manifests, which have ${here.join(', ')}: it is served only where another installation made the class`,
    fix: `name one of: ${here.join(', ')}`,
  };
}

function placeOf(resource: Resource): string {
  if (resource.kind === 'Gateway') return 'spec.gatewayClassName';
  return getIn(resource.json, ['spec', 'ingressClassName']) === undefined
    ? `metadata.annotations[${CLASS_ANNOTATION}]`
    : 'spec.ingressClassName';
}
