/** What every format of a comparison says. */
import { plural, someOf } from '../../errors.ts';
import type { Entry } from '../../report/diff/group.ts';
import type { Comparison, OverlayResult } from './compare.ts';

/** Names of overlays in a sentence. */
const MOST_NAMES = 8;

/** `from main (1a2b3c4d) to the work tree: 3 changes in 2 of 5 overlays`. */
export function summaryOf({ from, to, noun = 'overlay', overlays, entries }: Comparison): string {
  const differing = overlays.filter(({ state }) => state === 'changed').length;
  const counts = [
    differing > 0 &&
      `${plural(entries.length, 'change')} in ${differing} of ${plural(overlays.length, noun)}`,
    ...(['new', 'gone', 'failed'] as const).map((state) => {
      const count = overlays.filter((one) => one.state === state).length;
      return count > 0 && `${count} ${state === 'failed' ? 'not built' : state}`;
    }),
  ].filter(Boolean);
  const what =
    counts.join(', ') ||
    `no difference${overlays.length > 0 ? ` in ${plural(overlays.length, noun)}` : ''}`;
  return `from ${from} to ${to}: ${what}`;
}

/** Whether anything differs; what cannot be built counts as different. */
export function isDifferent({ overlays }: Comparison): boolean {
  return overlays.some(({ state }) => state !== 'same');
}

/** Overlays that are there in one state alone, and those that cannot be built; a line each. */
export function overlayLine({
  overlay,
  state,
  resources,
  failures,
}: OverlayResult): string | undefined {
  if (state === 'new' || state === 'gone')
    return `${overlay} is ${state}, with ${plural(resources, 'resource')}`;
  const names = failures.map(({ name }) => name);
  return names.length > 0 ? `${overlay} cannot be built in ${names.join(', nor in ')}` : undefined;
}

/** `overlays/dev`, or `3 overlays: overlays/dev, overlays/production, overlays/staging`. */
export function whereOf({ overlays }: Entry, noun = 'overlay'): string {
  const names = [...new Set(overlays.map(({ overlay }) => overlay))];
  if (names.length === 1) return names[0] ?? '';
  return `${plural(names.length, noun)}: ${someOf(names, MOST_NAMES)}`;
}

/** What more there is to say of an entry than its lines. */
export function notesOf({ isExact, overlays, hidden, blocks, state, change }: Entry): string[] {
  const hasText = blocks.length > 0;
  const isSecret = !hasText && hidden.length === 0 && state !== 'changed';
  return [
    ...(isExact
      ? []
      : [
          `as in ${overlays[0]?.overlay}; each has its own hosts, names, namespace and hashes there`,
        ]),
    ...hidden.map((path) => `${path} has another value, which is not shown`),
    ...(isSecret ? ['what is in it is not shown'] : []),
    ...(state === 'changed' && !hasText && hidden.length === 0 && change.old.length === 0
      ? ['it differs in spelling alone, and is not shown']
      : []),
  ];
}
