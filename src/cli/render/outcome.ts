/** What is kept of a build that is rendered: of hundreds, neither what the function read nor what it changed. */
import { plural, printed } from '../../errors.ts';
import { shellWord } from '../../foreign-text.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { VERSION } from '../../protocol/generated/version.ts';
import { placeholderProblems } from '../../rules/placeholder.ts';
import { type BuildProblem, buildError } from '../kustomize/build-problem.ts';
import { complaintsOf, type ObservedBuild } from '../observe.ts';

/** One overlay, or why it was not rendered. */
export interface Outcome<T> {
  overlay: string;
  /** What becomes of its manifests; undefined where it cannot be built. */
  made: T | undefined;
  /** What the function and the build say that nobody accepts. */
  complaints: readonly BuildProblem[];
  /** Where kustomize gave up, its own words. */
  reason: string | undefined;
  aside: string | undefined;
}

/** Calls `make` where the build has manifests. One that was built without calling the function counts as not built. */
export function outcomeOf<T>(
  observed: ObservedBuild,
  make: (build: ObservedBuild & { manifests: Buffer }) => T,
): Outcome<T> {
  const build = refuseNotCalled(observed);
  const { overlay, manifests, reason, aside } = build;
  const made = manifests && make({ ...build, manifests });
  return { overlay, made, complaints: complaintsOf(build), reason, aside };
}

/** A host that was never set fails: the function refuses such output itself, so that it was not called where some is left. */
function refuseNotCalled(build: ObservedBuild): ObservedBuild {
  const { overlay, manifests, calls, problems } = build;
  if (!manifests || calls.length > 0) return build;
  if (placeholderProblems(splitDocuments(manifests)).length === 0) return build;
  const problem = buildError(
    'function-not-called',
    `${overlay} still has DOMAIN_NOT_SET where a host belongs: kustomize built it without calling the function`,
    'name the file of a DomainConfig under `transformers:`, without an annotation config.kubernetes.io/function, which kustomize skips silently; or keep the annotation and build with `kustomize build --enable-alpha-plugins --enable-exec` yourself',
  );
  return { ...build, manifests: undefined, problems: [...problems, problem] };
}

/**
 * How many findings of the function and of the builds nobody accepts; empty where there are none.
 * @param rendered - how many overlays are printed or written
 */
export function countLine(outcomes: readonly Outcome<unknown>[], rendered: number): string {
  const complaints = outcomes.flatMap((outcome) => outcome.complaints);
  const errors = complaints.filter(({ severity }) => severity === 'error').length;
  const warnings = complaints.length - errors;
  if (complaints.length === 0) return '';
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  const named = outcomes.filter((outcome) => outcome.complaints.length > 0);
  const words = named.length > 3 ? ['OVERLAY...'] : named.map(({ overlay }) => shellWord(overlay));
  const bad = outcomes.filter(({ made }) => made === undefined).map(({ overlay }) => overlay);
  const rest =
    bad.length === 0
      ? `ma-overlays check ${words.join(' ')} shows more`
      : rendered === 0
        ? 'nothing was rendered'
        : `${rendered} of ${plural(outcomes.length, 'overlay')} ${rendered === 1 ? 'was' : 'were'} rendered, and ${bad.length} not: ${bad.join(', ')}`;
  return `${counts.join(', ')}; ${printed(rest)}\n`;
}

/** What a build was made with: other versions may write other manifests. */
export function madeWith({ kustomize }: Pick<ObservedBuild, 'kustomize'>): string {
  return `${VERSION}, kustomize ${kustomize.version ?? 'of an unknown version'}`;
}
