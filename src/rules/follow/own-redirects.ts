/** Entries that a rule gives the host to which they redirect: what led from the old host to the new one would lead to itself. */
import { PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { Settings } from '../../config/settings.ts';
import type { Problem } from '../../errors.ts';
import type { AppliedEdit } from '../../manifests/editor.ts';
import type { Manifests } from '../../manifests/manifests.ts';
import { fromPointer, type Json, leavesOf } from '../../yaml/json.ts';
import { leadingBack } from './loops.ts';
import { type Place, printPlace } from './places.ts';

/** An error for each redirect, at its place. */
export function ownRedirectProblems(
  edits: readonly AppliedEdit[],
  settings: Settings,
  manifests: Manifests,
): Problem[] {
  const wanted = new Set(
    PUBLIC_ROLES.flatMap((role) => settings.hosts[role]).map(({ host }) => host),
  );
  const found = new Map<string, Problem>();
  for (const edit of edits) {
    const { resource } = edit;
    if (edit.document !== undefined || resource.kind === 'ConfigMap') continue;
    const before = new Set(leavesOf(edit.old).map(({ value }) => value));
    const written = leavesOf(
      'value' in edit.operation ? (edit.operation.value as Json) : undefined,
      pathOf(edit),
    );
    for (const leaf of written.filter(({ value }) => wanted.has(value) && !before.has(value)))
      for (const path of leadingBack(resource, leaf, manifests)) {
        const place = printPlace({ document: undefined, path });
        found.set(`${JSON.stringify(resource.reference)} ${place}`, {
          code: 'entry-refused',
          severity: 'error',
          message: 'an entry gets the host to which it redirects: it would lead to itself',
          resource: resource.reference,
          path: place,
          found: leaf.value,
          expected: `a host other than ${leaf.value}, or no redirect`,
          fix: 'take the redirect out, or give it an Ingress of its own without the Service behind it; write the old host in it where it is to stay on one host',
        });
      }
  }
  return [...found.values()];
}

function pathOf({ operation }: AppliedEdit): Place['path'] {
  return fromPointer(operation.path).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
