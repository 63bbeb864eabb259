import { onceBy } from './once.ts';

/** The entries that name a host. */
export const entriesAt = onceBy(
  ({ entries }) => entries,
  ({ hosts }) => hosts,
);
