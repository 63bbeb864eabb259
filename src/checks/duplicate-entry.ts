import { CONTROLLERS } from '../controllers/index.ts';
import type { Resource } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import type { Entry, EntryPath } from '../surface/entry.ts';
import { isMisplaced } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';

/** One path of an entry, with what makes it the same as another. */
interface Claim {
  entry: Entry;
  path: EntryPath;
  key: string;
}

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'Two entries with one host and path',
  why: 'Which of them answers is up to the controller: the older one, both in turn, or neither. ingress-nginx refuses the second one at its admission webhook.',
  fix: 'keep one of them, or give them different hosts or paths',
  find: (surface) => {
    const claims = surface.entries.flatMap((entry) =>
      entry.paths
        .filter(({ isConditional }) => !isConditional && !isCanary(entry.resource))
        .filter(({ host }) => !isMisplaced(entry.resource, host, surface))
        .map((path): Claim => ({ entry, path, key: keyOf(path, entry) })),
    );
    const byKey = groupedBy(claims, ({ key }) => [key]);
    const reported = new Set<string>();
    return claims.flatMap((claim): Fault[] => {
      const earlier = byKey.get(claim.key)?.find((other) => other === claim || clash(other, claim));
      const { resource } = claim.entry;
      const identity = JSON.stringify([resource.reference, claim.key]);
      if (!earlier || earlier === claim || reported.has(identity)) return [];
      reported.add(identity);
      const { host, path, place } = claim.path;
      const { kind, name } = earlier.entry.resource;
      const isSelf = earlier.entry.resource === resource;
      const other = isSelf ? `${earlier.path.place} of the same ${kind}` : `${kind} ${name}`;
      const message = `${host || 'every host'} with path ${path} is also served by ${other}`;
      return [{ resource, path: place, message }];
    });
  },
};

function keyOf({ host, path, type }: EntryPath, { resource }: Entry): string {
  // A host belongs to one kind of route: the whole of it clashes.
  const isGrpc = resource.kind === 'GRPCRoute';
  const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path;
  return JSON.stringify([host, isGrpc ? '/' : trimmed, type === 'Exact' && !isGrpc]);
}

function clash(left: Claim, right: Claim): boolean {
  const isOurs = left.path.role !== undefined || right.path.role !== undefined;
  if (left.key !== right.key || left.entry.form !== right.entry.form || !isOurs) return false;
  if (left.entry === right.entry && ruleOf(left) === ruleOf(right)) return false;
  return left.entry.form === 'ingress'
    ? sameClass(left.entry, right.entry) && !areApart(left.entry, right.entry)
    : sharesListener(left.entry, right.entry);
}

/** Weighted backends of one rule share its matches; a GRPCRoute counts as one rule. */
function ruleOf({ entry, path }: Claim): string {
  return entry.resource.kind === 'GRPCRoute' ? '' : path.place.replace(/\.backendRefs.*/, '');
}

function sameClass(left: Entry, right: Entry): boolean {
  return !left.className || !right.className || left.className === right.className;
}

const ENTRY_POINTS = Object.values(CONTROLLERS).flatMap(({ entryPoints }) => entryPoints ?? []);

/** Whether both say on which of the controller's entry points they are served, and name none in common. */
function areApart(left: Entry, right: Entry): boolean {
  return ENTRY_POINTS.some((key) => {
    const [one, other] = [left, right].map(({ resource }) =>
      resource
        .annotation(key)
        ?.split(',')
        .map((name) => name.trim()),
    );
    return one !== undefined && other !== undefined && !one.some((name) => other.includes(name));
  });
}

function sharesListener(left: Entry, right: Entry): boolean {
  if (left.listeners.length === 0 || right.listeners.length === 0)
    return left.hasForeignGateway === right.hasForeignGateway;
  return left.listeners.some(({ gateway, place }) =>
    right.listeners.some((other) => other.gateway === gateway && other.place === place),
  );
}

const SHARED_PATHS = Object.values(CONTROLLERS).flatMap(({ sharedPaths }) =>
  Object.entries(sharedPaths ?? {}),
);

/** Ingresses that are meant to share a host and a path. */
function isCanary(ingress: Resource): boolean {
  return SHARED_PATHS.some(([key, values]) => values.test(ingress.annotation(key) ?? ''));
}
