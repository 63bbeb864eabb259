/** Findings that somebody accepts with a reason: in the DomainConfig, or by an annotation on the resource that they are about. */
import type { Settings } from '../config/settings.ts';
import { type Problem, type ResourceReference, resourceLabel } from '../errors.ts';
import { sameObject } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { withoutHash } from './near-names.ts';
import type { Surface } from './surface.ts';

/** Followed by a code; the value is the reason. */
export const IGNORE_ANNOTATION = 'network.michelangelo.api/ignore-';

/** What is asked of something that was found. */
type Found = Pick<Problem<string>, 'code' | 'resource' | 'also'>;

/** One line that accepts. */
export interface Acceptance {
  code: string;
  /** Empty where none is given: then it accepts nothing. */
  reason: string;
  matches(found: Found): boolean;
  /** Where it stands. */
  place: { resource: Resource | ResourceReference; path: string };
  /** The resource that it names. */
  label: string | undefined;
}

/** `spec.checks.ignore`. */
export function acceptedInConfig(settings: Settings | undefined): Acceptance[] {
  const rows = settings?.config.spec.checks?.ignore ?? [];
  return rows.map(({ code, resource: label, reason }, index) => ({
    code,
    reason: reason.trim(),
    label,
    matches: (found) =>
      found.code === code &&
      (label === undefined ||
        resourcesOf(found).some((resource) => plainLabel(resource) === plain(label))),
    place: {
      resource: {
        apiVersion: 'network.michelangelo.api/v1alpha1',
        kind: 'DomainConfig',
        name: settings?.name ?? '',
      },
      path: `spec.checks.ignore[${index}]`,
    },
  }));
}

/** The annotations of some resources, each for findings on its own. */
export function acceptedByAnnotation(resources: readonly Resource[]): Acceptance[] {
  return resources.flatMap((resource) =>
    Object.entries(resource.annotations)
      .filter(([key]) => key.startsWith(IGNORE_ANNOTATION))
      .map(([key, value]): Acceptance => {
        const code = key.slice(IGNORE_ANNOTATION.length);
        return {
          code,
          reason: typeof value === 'string' ? value.trim() : '',
          label: undefined,
          matches: (found) =>
            found.code === code &&
            resourcesOf(found).some((one) => sameObject(one, resource.reference)),
          place: { resource, path: `metadata.annotations[${key}]` },
        };
      }),
  );
}

/** A warning of the function that does not count, and why. */
export interface AcceptedProblem {
  problem: Problem;
  reason: string;
}

/** Takes accepted warnings out; errors stop the function whatever anybody accepts. */
export function withoutAccepted(
  problems: readonly Problem[],
  { settings, manifests }: Surface,
): { problems: Problem[]; accepted: AcceptedProblem[] } {
  const rows = acceptedInConfig(settings);
  const accepted: AcceptedProblem[] = [];
  const kept = problems.filter((problem) => {
    if (problem.severity === 'error') return true;
    const annotated = resourcesOf(problem).flatMap(
      ({ kind, name, namespace }) => manifests.named(kind, name, namespace) ?? [],
    );
    const reason = reasonFor(problem, [...rows, ...acceptedByAnnotation(annotated)]);
    if (reason !== undefined) accepted.push({ problem, reason });
    return reason === undefined;
  });
  return { problems: kept, accepted };
}

/** Why a finding is accepted; undefined where it is not. */
export function reasonFor(found: Found, acceptances: readonly Acceptance[]): string | undefined {
  return acceptances.find(({ reason, matches }) => reason !== '' && matches(found))?.reason;
}

function resourcesOf({ resource, also = [] }: Found): ResourceReference[] {
  return [...(resource ? [resource] : []), ...also];
}

/** A name with a hash of its content is another one after each change: without it a line holds on. */
function plainLabel(resource: ResourceReference): string {
  return plain(resourceLabel(resource));
}

function plain(label: string): string {
  return /^(?:ConfigMap|Secret) /.test(label) ? withoutHash(label) : label;
}
