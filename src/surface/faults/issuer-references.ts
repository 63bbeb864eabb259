import { getIn } from '../../yaml/json.ts';
import { findIssuer, type IssuerReference, issuerReferences } from '../issuers.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

/** References to issuers that should be in these manifests. */
export function missingIssuers(surface: Surface): Fault[] {
  return issuerReferences(surface).flatMap((reference) => {
    if (findIssuer(reference, surface) || !shouldBeHere(reference, surface)) return [];
    const { owner, place, kind, name } = reference;
    return [{ resource: owner, path: place, ...missingOfKind(kind, name, surface) }];
  });
}

/** How many names a message lists. */
const SHOWN = 10;

/**
 * Of a kind, with the names that there are.
 * @param namespace - where it was looked for; left out for kinds without one
 */
export function missingOfKind(kind: string, name: string, { manifests }: Surface, namespace = '') {
  const all = manifests.ofKind(kind);
  const shown = all
    .slice(0, SHOWN)
    .map((own) =>
      own.namespace === namespace || own.namespace === ''
        ? own.name
        : `${own.name} (namespace ${own.namespace})`,
    );
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return {
    message: `there is no ${kind} ${name}${namespace === '' ? '' : ` in namespace ${namespace}`}`,
    mend: all.length > 0 ? `name one of: ${shown.join(', ')}${more}` : undefined,
  };
}

/** With modes that make an issuer it is part of the overlay; in other streams where there are issuers that sign for others. */
function shouldBeHere({ kind }: IssuerReference, { settings, manifests }: Surface): boolean {
  if (settings) return settings.tlsMode === 'acme' || settings.tlsMode === 'ca';
  return manifests
    .ofKind(kind)
    .some(({ json }) => getIn(json, ['spec', 'selfSigned']) === undefined);
}
