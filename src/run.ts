/** The pipeline without input and output: resources and a config in, changed resources, edits and problems out. */
import type { LoadedConfig } from './config/load.ts';
import { PUBLIC_ROLES } from './config/public-hosts.ts';
import type { Settings } from './config/settings.ts';
import { type Problem, resourceLabel } from './errors.ts';
import { addOrUpdate } from './manifests/additions.ts';
import type { Batch } from './manifests/batch.ts';
import type { Edit } from './manifests/edit.ts';
import { type AppliedEdit, applyEdits } from './manifests/editor.ts';
import { Manifests } from './manifests/manifests.ts';
import { referenceOf } from './manifests/resource.ts';
import { followOldHosts } from './rules/follow/follow.ts';
import { RULES } from './rules/index.ts';
import { placeholderProblems } from './rules/placeholder.ts';
import { immutableProblems, rollPods } from './rules/roll-pods.ts';
import type { Addition, Removal } from './rules/rule.ts';
import { type RuleSettings, ruleSettings } from './rules/rule-settings.ts';
import { orUnfit, runRule } from './rules/run-rule.ts';
import { withConfigMetadata } from './rules/served-by.ts';
import { type AcceptedProblem, withoutAccepted } from './surface/accepted.ts';
import { entryLimits } from './surface/faults/entry-limits.ts';
import { oldHostsOf } from './surface/old-hosts.ts';
import { requireParts } from './surface/require.ts';
import { unreadable } from './surface/role-problems.ts';
import { Surface } from './surface/surface.ts';
import { fromPointer, type JsonObject } from './yaml/json.ts';

/** What the function did, and what it has to say. */
export interface RunResult {
  /** Every change in the order in which it was made. */
  edits: AppliedEdit[];
  /** Resources that were not there before. */
  added: Addition[];
  removed: Removal[];
  problems: Problem[];
  /** Warnings that somebody accepted with a reason. */
  accepted: AcceptedProblem[];
}

const NO_CHANGE = { edits: [], added: [], removed: [], accepted: [] };

/**
 * Finds the roles, applies every rule, and looks for hosts that were never set. The batch is changed in place: with an error
 * among the problems it is not fit for output.
 */
export function run(batch: Batch, loaded: LoadedConfig): RunResult {
  return orUnfit(
    () => runAll(batch, loaded),
    (problem) => ({ ...NO_CHANGE, problems: [problem] }),
  );
}

function runAll(batch: Batch, loaded: LoadedConfig): RunResult {
  const { settings } = loaded;
  const absent = settings ? notNeeded(settings) : loaded.absent;
  if (!absent) return { ...NO_CHANGE, problems: loaded.problems };
  const surface = new Surface(new Manifests(batch.items), { settings });
  const problems = requireParts(surface, absent, settings?.role ?? loaded.role);
  if (!settings)
    return { ...NO_CHANGE, problems: [...loaded.problems, ...unreadableIn(surface), ...problems] };
  const areFound = !hasErrors(problems);
  // Rules replace them where they stand now.
  const oldHosts = oldHostsOf(surface, settings);
  const effective = ruleSettings(settings, surface);
  const { edits, added, removed, problems: found } = applyRules(batch, effective, surface);
  addAll(problems, found);
  const unread = unreadableIn(surface);
  problems.unshift(...unread);
  // With a role missing, what it carries was never written: the cause is reported, its consequences are not.
  if (areFound && unread.length === 0) {
    const followed = followOldHosts(batch.items, oldHosts, {
      settings: effective,
      surface,
      before: edits,
    });
    const more = hasErrors(problems)
      ? placeholderProblems(batch.items).filter(isApartFrom(surface))
      : finish(batch, surface, edits, followed);
    addAll(problems, more);
  }
  return { edits, added, removed, ...withoutAccepted(problems, surface) };
}

/** Every rule in its order, and the resources that they add and take away. */
function applyRules(
  batch: Batch,
  settings: RuleSettings,
  surface: Surface,
): Omit<RunResult, 'accepted'> {
  const problems: Problem[] = [];
  const edits: AppliedEdit[] = [];
  const additions: Addition[] = [];
  const removed: Removal[] = [];
  for (const rule of RULES[settings.role]) {
    const output = runRule(rule, { settings, surface });
    addAll(problems, output.problems);
    addAll(edits, applyEdits(output.edits));
    for (const addition of output.additions ?? [])
      additions.push({ ...addition, json: withConfigMetadata(addition.json, settings) });
    const { edits: changed, removals = [] } = output;
    addAll(removed, removals);
    // The next rule sees what this one did, in lists of entries too.
    if (changed.length + removals.length > 0)
      surface.forget(removals.map(({ resource }) => resource));
  }
  const added = additions.filter(({ json, field, isOwn }) => {
    const updates = addOrUpdate(batch, surface.manifests, json, field);
    if (updates && updates.length > 0 && !isOwn) problems.push(nameTaken(json, updates));
    addAll(edits, applyEdits(updates ?? []));
    return !updates;
  });
  surface.forget([]);
  batch.remove(removed.map(({ resource }) => resource));
  return { edits, added, removed, problems };
}

/** What comes after rules without an error: pods that have to start anew, limits of controllers, hosts that were never set. */
function finish(
  { items }: Batch,
  surface: Surface,
  edits: AppliedEdit[],
  followed: ReturnType<typeof followOldHosts>,
): Problem[] {
  addAll(edits, followed.edits);
  const immutable = immutableProblems(items, edits);
  addAll(edits, rollPods(items, edits));
  return [
    ...followed.problems,
    ...immutable,
    ...limitProblems(surface),
    ...placeholderProblems(items),
  ];
}

/** Item by item: an engine has only so much room for the arguments of one call. */
function addAll<T>(items: T[], more: readonly T[]): void {
  for (const item of more) items.push(item);
}

/** What the controllers have to be told elsewhere; `check` finds the same in what comes out. */
function limitProblems(surface: Surface): Problem[] {
  return entryLimits(surface).map(({ code, resource, also = [], message, fix = '' }) => ({
    code,
    severity: 'warning',
    message,
    ...(resource && 'reference' in resource ? { resource: resource.reference } : {}),
    ...(also.length > 0 ? { also } : {}),
    fix,
  }));
}

/** A second run finds what the first one made; anything else under the name is somebody else's. */
function nameTaken(json: JsonObject, updates: readonly Edit[]): Problem {
  const places = updates.map(({ operation }) => fromPointer(operation.path).join('.'));
  return {
    code: 'name-taken',
    severity: 'error',
    message: 'this resource has the name of one that the function makes, and is not the same',
    resource: referenceOf(json),
    found: `another value at ${[...new Set(places)].slice(0, 5).join(', ')}`,
    expected: 'no resource of this name in the input',
    fix: 'rename it, or take it out of the input; an issuer that exists is used with `tls.mode: issuer`, a Gateway with `entry.gateway.parentRefs`',
  };
}

/** Whether a problem is about a ConfigMap that no rule writes into, so that it stays whatever else is fixed. */
function isApartFrom({ workers, uis, envoys, controllerManagers }: Surface) {
  const written = [...workers, ...uis, ...envoys, ...controllerManagers].map(({ resource }) =>
    resourceLabel(resource.reference),
  );
  return ({ resource }: Problem): boolean =>
    resource?.kind === 'ConfigMap' && !written.includes(resourceLabel(resource));
}

/** Resources that had to be read, by the search or by a rule, and cannot be. */
function unreadableIn({ manifests }: Surface): Problem[] {
  return manifests.broken.map(unreadable);
}

/** Roles that may be missing: absent on purpose, or Ingresses where the function makes routes. */
function notNeeded({ absent, entries }: Settings): ReadonlySet<string> {
  const routed = PUBLIC_ROLES.filter((role) => entries[role].gateway);
  return new Set([...absent, ...routed.map((role) => `${role}-entry`)]);
}

/** Whether one of the problems stops the function. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
