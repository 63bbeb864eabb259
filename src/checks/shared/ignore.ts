/** Findings that somebody accepts: in the DomainConfig, or by an annotation on a resource that is not ours. */
import { resourceLabel } from '../../errors.ts';
import { sameObject } from '../../manifests/manifests.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Finding } from '../check.ts';
import { CATALOGUE, finding } from './catalogue.ts';

/** Followed by a code; the value is the reason. */
export const IGNORE_ANNOTATION = 'network.michelangelo.api/ignore-';

/** A finding that does not count, and why. */
export interface IgnoredFinding {
  finding: Finding;
  reason: string;
}

/** One line that silences, with the finding that it matches or should have matched. */
interface Silencer {
  code: string;
  reason: string;
  matches(found: Finding): boolean;
  /** Where it stands, and what to say of it where it matches nothing or has no reason. */
  complain(message: string): Fault;
}

/** Takes accepted findings out, and adds what is wrong with the lines that accept them. */
export function applyIgnores(
  findings: readonly Finding[],
  surface: Surface,
): { findings: Finding[]; ignored: IgnoredFinding[] } {
  const silencers = [...fromConfig(surface), ...fromAnnotations(surface)];
  const kept: Finding[] = [];
  const ignored: IgnoredFinding[] = [];
  const used = new Set<Silencer>();
  for (const found of findings) {
    const matching = silencers.filter(
      (silencer) => silencer.code === found.code && silencer.matches(found),
    );
    for (const silencer of matching) used.add(silencer);
    const reason = matching.map((silencer) => silencer.reason.trim()).find(Boolean);
    if (reason === undefined) kept.push(found);
    else ignored.push({ finding: found, reason });
  }
  const complaints = silencers.flatMap((silencer) => {
    const { code, reason } = silencer;
    if (reason.trim() === '') {
      const complaint = silencer.complain(`${code} is silenced without a reason`);
      return [finding('ignore-without-reason', complaint)];
    }
    if (used.has(silencer)) return [];
    const what = Object.hasOwn(CATALOGUE, code) ? 'finding' : 'code';
    const complaint = silencer.complain(`${code} is silenced, and there is no such ${what}`);
    return [finding('ignore-unused', complaint)];
  });
  return { findings: [...kept, ...complaints], ignored };
}

/** `spec.checks.ignore`. */
function fromConfig({ settings }: Surface): Silencer[] {
  const rows = settings?.config.spec.checks?.ignore ?? [];
  return rows.map(({ code, resource, reason }, index) => ({
    code,
    reason,
    matches: (found) =>
      resource === undefined ||
      (found.resource !== undefined && resourceLabel(found.resource) === resource),
    complain: (message) => ({
      resource: {
        apiVersion: 'network.michelangelo.api/v1alpha1',
        kind: 'DomainConfig',
        name: settings?.name ?? '',
      },
      path: `spec.checks.ignore[${index}]`,
      message: resource === undefined ? message : `${message} on ${resource}`,
    }),
  }));
}

/** The annotation silences findings on its own resource. */
function fromAnnotations({ manifests }: Surface): Silencer[] {
  return manifests.all.flatMap((resource) => {
    return Object.entries(resource.annotations)
      .filter(([key]) => key.startsWith(IGNORE_ANNOTATION))
      .map(
        ([key, value]): Silencer => ({
          code: key.slice(IGNORE_ANNOTATION.length),
          reason: typeof value === 'string' ? value : '',
          matches: (found) =>
            found.resource !== undefined && sameObject(found.resource, resource.reference),
          complain: (message) => ({ resource, path: `metadata.annotations[${key}]`, message }),
        }),
      );
  });
}
