/** Building overlays in two states, and what differs. */
import { basename, relative, resolve } from 'node:path';
import { type Entry, groupChanges } from '../../report/diff/group.ts';
import type { BuiltState } from '../../report/diff/own-values.ts';
import {
  countResources,
  type ResourceChange,
  resourceChanges,
} from '../../report/diff/resource-changes.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import type { BuildOptions } from '../kustomize/build-options.ts';
import { messagesOf, type ObservedBuild } from '../observe.ts';
import { listOverlays } from '../overlays.ts';
import { overlaysFolder } from '../overlays-folder.ts';
import { readRendered, recordOfRendered } from '../render/read-rendered.ts';
import { buildIn, isOneOverlay, overlayIn, type State } from '../state.ts';

/** So many overlays are built at a time: then what is not needed of them any more is let go. */
const PORTION = 50;

/** A state, and what its overlays are built with. */
export interface Side {
  state: State;
  options: BuildOptions;
}

/** Which overlays. */
export interface Chosen {
  /** Empty for all that either state has. */
  overlays: readonly string[];
  /** Where they are looked for then; each state's own folder where it is not named. */
  dir?: string;
  /** Of those that both states have, by their paths here: which may differ; all where it is not given. */
  touched?: (paths: readonly string[]) => Promise<readonly string[]>;
}

/** What an overlay came to. */
export interface OverlayResult {
  overlay: string;
  /** `failed`: it cannot be built in one of the states, or in both. */
  state: 'same' | 'changed' | 'new' | 'gone' | 'failed';
  /** How many there are of one that is new or gone. */
  resources: number;
  /** Where it cannot be built, and why. */
  failures: readonly { name: string; messages: string }[];
}

/** What `diff` prints: the overlays with what came of each, and everything that differs. */
export interface Comparison {
  from: string;
  to: string;
  /** What is compared, where it is not overlays. */
  noun?: string;
  overlays: readonly OverlayResult[];
  /** Of the overlays that are in both states. */
  entries: readonly Entry[];
}

/** Where an overlay is in a state. */
interface Place {
  path: string;
  isRendered: boolean;
}

interface Pair {
  overlay: string;
  from: Place | undefined;
  to: Place | undefined;
}

/** Builds what is in both states, one portion after the other, and compares. */
export async function compare(from: Side, to: Side, chosen: Chosen, io: Io): Promise<Comparison> {
  const pairs = await touchedOf(pairsOf(from.state, to.state, chosen, io), chosen);
  const results: OverlayResult[] = [];
  const changed: { overlay: string; changes: ResourceChange[] }[] = [];
  for (let start = 0; start < pairs.length; start += PORTION) {
    const portion = pairs.slice(start, start + PORTION);
    const there = await statesOf(
      portion.map((pair) => pair.from),
      from,
      io,
    );
    const here = await statesOf(
      portion.map((pair) => pair.to),
      to,
      io,
    );
    for (const [index, { overlay }] of portion.entries()) {
      const { changes, ...result } = resultOf(overlay, there[index], here[index]);
      results.push(result);
      if (changes.length > 0) changed.push({ overlay, changes });
    }
  }
  const entries = groupChanges(changed);
  return { from: from.state.name, to: to.state.name, overlays: results, entries };
}

/** Without those that need no build to be known as equal. */
async function touchedOf(pairs: readonly Pair[], { touched }: Chosen): Promise<readonly Pair[]> {
  if (!touched) return pairs;
  const inBoth = pairs.flatMap(({ from, to }) => (from && to ? [to.path] : []));
  const kept = new Set(await touched(inBoth));
  return pairs.filter(({ from, to }) => !from || !to || kept.has(to.path));
}

type BuiltOrNot = BuiltState | { name: string; messages: string } | undefined;

function resultOf(
  overlay: string,
  there: BuiltOrNot,
  here: BuiltOrNot,
): OverlayResult & { changes: ResourceChange[] } {
  const failures = [there, here].flatMap((one) => (one && 'messages' in one ? one : []));
  const result = { overlay, resources: 0, failures, changes: [] };
  if (failures.length > 0) return { ...result, state: 'failed' };
  const [before, after] = [there, here] as (BuiltState | undefined)[];
  if (!before || !after) {
    const { manifests = Buffer.alloc(0) } = before ?? after ?? {};
    return { ...result, state: before ? 'gone' : 'new', resources: countResources(manifests) };
  }
  const changes = resourceChanges(before, after);
  return { ...result, state: changes.length > 0 ? 'changed' : 'same', changes };
}

/** In the order of the places; undefined where there is none. */
async function statesOf(
  places: readonly (Place | undefined)[],
  { state, options }: Side,
  io: Io,
): Promise<BuiltOrNot[]> {
  const paths = places.flatMap((one) => (one && !one.isRendered ? one.path : []));
  const builds = await buildIn(state, paths, options, io);
  return places.map((place): BuiltOrNot => {
    if (!place) return undefined;
    if (place.isRendered) return readState(place.path);
    const build = builds[paths.indexOf(place.path)] as ObservedBuild;
    const { manifests, calls } = build;
    if (!manifests) return { name: state.name, messages: messagesOf(build) };
    return { manifests, calls, settings: calls.at(-1)?.loaded.settings };
  });
}

function readState(folder: string): BuiltState {
  return { manifests: readRendered(folder), calls: [], settings: settingsOf(folder) };
}

/** An older version may have left them otherwise: then what is the environment's own is not known. */
function settingsOf(folder: string): BuiltState['settings'] {
  try {
    return recordOfRendered(folder)?.settings;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

function pairsOf(from: State, to: State, chosen: Chosen, io: Io): Pair[] {
  const { overlays } = chosen;
  const others = overlays.filter(
    (overlay) => ![from.folder, to.folder].includes(resolve(io.cwd, overlay)),
  );
  if (isOneOverlay(from) && isOneOverlay(to) && others.length > 0)
    throw new UsageError(
      `${labelOf(from)} and ${labelOf(to)} are one overlay each: nothing is compared with ${others.join(', ')}`,
      'leave it out, or name states that have several overlays',
    );
  if (isOneOverlay(from) || isOneOverlay(to)) return [onlyPair(from, to, chosen, io)];
  const isByName = from.rendered.length > 0 || to.rendered.length > 0;
  const [there, here] = [from, to].map((state) => placesIn(state, chosen, isByName, io)) as [
    Map<string, Place>,
    Map<string, Place>,
  ];
  const given = overlays.map((overlay) => keyOf(overlay, isByName, io));
  const missing = given.findIndex((key) => !there.has(key) && !here.has(key));
  if (missing >= 0)
    throw new UsageError(
      `neither ${from.name} nor ${to.name} has an overlay ${overlays[missing]}`,
      hintOf(there, here),
    );
  const keys = given.length > 0 ? given : [...new Set([...here.keys(), ...there.keys()])].sort();
  if (keys.length === 0)
    throw new UsageError(
      `neither ${from.name} nor ${to.name} has an overlay in ${chosen.dir ?? overlaysFolder(io.cwd)}/`,
      'change to the folder above it, or name overlays',
    );
  return [...new Set(keys)].map((key) => ({
    overlay: key,
    from: there.get(key),
    to: here.get(key),
  }));
}

function hintOf(there: ReadonlyMap<string, Place>, here: ReadonlyMap<string, Place>): string {
  const known = [...new Set([...here.keys(), ...there.keys()])].sort();
  return known.length > 0
    ? `choose one of: ${known.join(', ')}`
    : 'the first word is the state to compare with: diff HEAD OVERLAY';
}

function keyOf(overlay: string, isByName: boolean, io: Io): string {
  const path = resolve(io.cwd, overlay);
  return isByName ? basename(path) : relative(io.cwd, path) || '.';
}

/** The overlays of a state by what they are called in both. */
function placesIn(
  state: State,
  { overlays, dir }: Chosen,
  isByName: boolean,
  io: Io,
): Map<string, Place> {
  const isRendered = state.rendered.length > 0;
  const named = overlays.flatMap((overlay) => overlayIn(state, overlay, io) ?? []);
  const built = overlays.length > 0 ? named : listOverlays(state.folder, dir);
  const places = new Map<string, Place>();
  for (const path of isRendered ? state.rendered : built) {
    const key = isByName ? basename(resolve(state.folder, path)) : path;
    if (places.has(key))
      throw new UsageError(
        `${places.get(key)?.path} and ${path} have one name: which of them is rendered is not known`,
        'name one of them',
      );
    places.set(key, { path, isRendered });
  }
  return places;
}

/** One overlay against another, whatever they are called. */
function onlyPair(from: State, to: State, chosen: Chosen, io: Io): Pair {
  const { overlays } = chosen;
  const isOneFolder = from.isWorkingDirectory && to.isWorkingDirectory;
  const only = (state: State, other: State): Place | undefined => {
    if (isOneOverlay(state)) return { path: '.', isRendered: false };
    const places = [...placesIn(state, chosen, state.rendered.length > 0, io)];
    const names = overlays.map((overlay) => keyOf(overlay, state.rendered.length > 0, io));
    const found = places.filter(([key]) => names.length === 0 || names.includes(key));
    if (found.length === 1 && found[0]) return found[0][1];
    if (isOneFolder && names.every((name) => name === '.')) return undefined;
    throw new UsageError(
      `${labelOf(other)} is one overlay, and ${state.name} has ${found.length || 'none'} to compare it with`,
      'name one that it has: diff STATE OVERLAY; for all overlays use a state that has several: diff HEAD',
    );
  };
  const [there, here] = [only(from, to), only(to, from)];
  const overlay = here && here.path !== '.' ? here.path : labelOf(to);
  return { overlay, from: there, to: here };
}

/** What the overlay that is a state is called: as it was named, or else as the working directory. */
function labelOf({ name, folder, top }: State): string {
  return folder === top ? name : basename(folder);
}
