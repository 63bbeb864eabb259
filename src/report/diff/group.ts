/** Equal changes of many overlays as one. */
import { groupedBy } from '../../maps.ts';
import type { ChangedBlock, ResourceChange } from './resource-changes.ts';

/** What changes in one resource of the base, the same in each of its overlays. */
export interface Entry {
  state: ResourceChange['state'];
  /** With the name that it has in all of its overlays, or else in the base. */
  label: string;
  /** In the order in which they were given; `label` is the resource's name there. */
  overlays: readonly { overlay: string; label: string }[];
  /** Whether every byte of the change is equal in all; else all but what is each environment's own. */
  isExact: boolean;
  /** As it is in the first overlay. */
  change: ResourceChange;
  blocks: readonly ChangedBlock[];
  hidden: readonly string[];
}

/** A change in one overlay, before it is known where else it is. */
interface Place {
  overlay: string;
  change: ResourceChange;
}

/** One thing that changes, wherever it does; undefined for what is never shown. */
type Cluster = Map<Place, ChangedBlock | undefined>;

/** What changes in most overlays comes first; what changes in few stands together for each overlay. */
export function groupChanges(
  overlays: readonly { overlay: string; changes: readonly ResourceChange[] }[],
): Entry[] {
  const places = overlays.flatMap(({ overlay, changes }) =>
    changes.map((change): Place => ({ overlay, change })),
  );
  const byResource = groupedBy(places, ({ change }) => [`${change.state} ${change.identity}`]);
  const order = new Map(overlays.map(({ overlay }, index) => [overlay, index]));
  const first = (entry: Entry) => order.get(entry.overlays[0]?.overlay ?? '') ?? 0;
  return [...byResource.values()]
    .flatMap(entriesOf)
    .sort(
      (left, right) => right.overlays.length - left.overlays.length || first(left) - first(right),
    );
}

/** The changes of one resource, those that are in the same overlays together. */
function entriesOf(places: readonly Place[]): Entry[] {
  const byPlaces = groupedBy(clustersOf(places), (cluster) => {
    const where = places.filter((place) => cluster.has(place));
    return [where.map(({ overlay, change }) => `${overlay} ${change.label}`).join('\n')];
  });
  return [...byPlaces.values()].map((clusters): Entry => {
    const members = places.filter((place) => clusters[0]?.has(place));
    const first = members[0] as Place;
    const { change } = first;
    const labels = new Set(members.map((one) => one.change.label));
    return {
      state: change.state,
      label: labels.size === 1 ? change.label : baseLabel(change.identity),
      overlays: members.map(({ overlay, change: { label } }) => ({ overlay, label })),
      isExact: clusters.every(
        (one) => new Set([...one.values()].map((block) => block?.key)).size === 1,
      ),
      change,
      blocks: clusters.flatMap((one) => one.get(first) ?? []),
      hidden: clusters.some((one) => !one.get(first)) ? change.hidden : [],
    };
  });
}

/** `apps Deployment worker` is shown as `Deployment worker`. */
function baseLabel(identity: string): string {
  return identity
    .split(', ')
    .map((one) => one.split(' ').slice(1).join(' '))
    .join(', ');
}

/** Changes are one where their bytes are equal, or all but what is each environment's own. Two of one overlay are never one. */
function clustersOf(places: readonly Place[]): Cluster[] {
  const known = new Map<string, Cluster[]>();
  const clusters = new Set<Cluster>();
  const add = (keys: readonly string[], place: Place, block: ChangedBlock | undefined) => {
    const found = [...new Set(keys.flatMap((key) => known.get(key) ?? []))].filter(
      (one) => !one.has(place),
    );
    const [first = new Map(), ...others] = found;
    first.set(place, block);
    // This one shows that two are the same: what is written alike in it may be one's own in another.
    for (const other of others) {
      if ([...other.keys()].some((one) => first.has(one))) continue;
      for (const [one, same] of other) first.set(one, same);
      clusters.delete(other);
      for (const [key, all] of known)
        if (all.includes(other)) known.set(key, [first, ...without(all, first, other)]);
    }
    clusters.add(first);
    for (const key of keys) known.set(key, [...without(known.get(key) ?? [], first), first]);
  };
  for (const place of places) {
    const { blocks, hidden } = place.change;
    const seen = new Map<string, number>();
    for (const block of blocks) {
      // A change that a resource has twice is two.
      const count = seen.get(block.ownKey) ?? 0;
      seen.set(block.ownKey, count + 1);
      const keys = [`bytes ${count} ${block.key}`, `own ${count} ${block.ownKey}`];
      add(keys, place, block);
    }
    if (hidden.length > 0 || blocks.length === 0)
      add([`hidden ${hidden.join('\n')}`], place, undefined);
  }
  return [...clusters];
}

function without(all: readonly Cluster[], ...gone: readonly Cluster[]): Cluster[] {
  return all.filter((one) => !gone.includes(one));
}
