import { CONTROLLERS } from '../controllers/index.ts';
import { CLASS_ANNOTATION } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { leftMarks } from '../surface/left-marks.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { classAskedBy, meantClass } from './shared/class-names.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A class that no controller serves, or another controller than the annotations are for',
  why: 'A controller takes up the Ingresses and Gateways of its own class. One of another class is served by nothing, and no event says so. One of another controller is served without what its annotations say.',
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
    return [
      ...surface.manifests
        .ofKind('Ingress', 'Gateway')
        .flatMap((resource) => judge(resource, ours.has(resource), surface) ?? []),
      ...surface.entries.flatMap((entry) => ofAnother(entry, surface) ?? []),
    ];
  },
};

function judge(resource: Resource, isOurs: boolean, surface: Surface): Fault | undefined {
  const asked = classAskedBy(resource);
  if (!asked) return isOurs && resource.kind === 'Ingress' ? unnamed(resource, surface) : undefined;
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

const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

/** Only where something here tells that a class is wanted. Source: Kubernetes, "Ingress", "Default Ingress class". */
function unnamed(resource: Resource, { manifests, entries }: Surface): Fault | undefined {
  const classes = manifests.ofKind('IngressClass');
  if (classes.some((one) => one.annotation(DEFAULT) === 'true')) return undefined;
  const others = entries
    .filter(({ roles }) => roles.size > 0)
    .flatMap((entry) => (entry.resource.kind === 'Ingress' ? (entry.className ?? []) : []));
  const [name] = [...others, ...classes.map((one) => one.name)];
  if (name === undefined) return undefined;
  const hint =
    others.length > 0
      ? `the other entries have ${name}`
      : `IngressClass ${name} is not the default one`;
  return {
    resource,
    path: 'spec.ingressClassName',
    severity: 'warning',
    message: `no class is named, and ${hint}: unless the cluster has a default class, or a controller takes what has none, nothing serves it`,
    fix: `write \`ingressClassName: ${name}\``,
  };
}

/** The class is changed, and the annotations are still those of the controller before, or the other way round. */
function ofAnother(entry: Entry, surface: Surface): Fault | undefined {
  const found = leftMarks(entry, surface);
  if (!found) return undefined;
  const { resource, className } = entry;
  const own = found.own.map((name) => CONTROLLERS[name].title).join(' or ');
  const other = CONTROLLERS[found.other].title;
  const { sibling } = found;
  const beside = sibling && `; Ingress ${sibling.resource.name} has the class ${sibling.className}`;
  return {
    resource,
    path: placeOf(resource),
    severity: found.isBroken ? undefined : 'warning',
    message: `the class ${className ?? ''} is that of ${own}, and the annotations are those of ${other}, of which ${own} reads none${beside ?? ''}`,
    fix: `write \`${sibling?.className ?? CONTROLLERS[found.other].className}\`, or the annotations of ${own}`,
  };
}

function placeOf(resource: Resource): string {
  if (resource.kind === 'Gateway') return 'spec.gatewayClassName';
  return getIn(resource.json, ['spec', 'ingressClassName']) === undefined
    ? `metadata.annotations[${CLASS_ANNOTATION}]`
    : 'spec.ingressClassName';
}
