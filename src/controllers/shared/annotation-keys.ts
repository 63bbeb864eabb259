/** The annotation that was probably meant where no program reads a key. The lists are in `annotation-lists.ts`. */
import { annotationsOf, CONTROLLERS, marksOf } from '../index.ts';
import { ANNOTATION_LISTS } from './annotation-lists.ts';

/** Prefixes that a program gave up, with today's. Source: cert-manager, "Upgrading from v0.10 to v0.11". */
const FORMER: Readonly<Record<string, string>> = { 'certmanager.k8s.io': 'cert-manager.io' };

/** Prefixes with names in any case. Source: traefik/paerser, `parser`: fields are compared without their case. */
const CASELESS: ReadonlySet<string> = new Set(['traefik.ingress.kubernetes.io']);

/** Prefixes that all clouds share: `oci-load-balancer-type` is no slip of `aws-load-balancer-type`. */
const CLOUDS: ReadonlySet<string> = new Set([
  'service.beta.kubernetes.io',
  'service.kubernetes.io',
]);

const cloudOf = (name: string): string | undefined => name.split('-')[0];

/** By prefix, the names behind the slash. */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = known();

function known(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>(
    Object.entries(ANNOTATION_LISTS).map(([prefix, names]) => [prefix, new Set(names.split(' '))]),
  );
  for (const key of Object.values(CONTROLLERS).flatMap(marksOf).flatMap(annotationsOf)) {
    const [prefix = '', name = ''] = key.split('/');
    found.set(prefix, (found.get(prefix) ?? new Set()).add(name));
  }
  return found;
}

/**
 * The key that was probably meant; undefined for one that is known, or that is close to none.
 * @param isNear - whether one word is a slip of the other
 */
export function meantKey(
  key: string,
  isNear: (one: string, other: string) => boolean,
): string | undefined {
  const [prefix = '', name = ''] = key.split('/');
  if (name === '') return undefined;
  const former = FORMER[prefix];
  if (former) return KNOWN.get(former)?.has(name) ? `${former}/${name}` : undefined;
  const names = KNOWN.get(prefix);
  if (names?.has(CASELESS.has(prefix) ? name.toLowerCase() : name)) return undefined;
  const near = [...(names ?? [])].find(
    (other) => isNear(name, other) && (!CLOUDS.has(prefix) || cloudOf(name) === cloudOf(other)),
  );
  if (names) return near && `${prefix}/${near}`;
  const [owner] = [...KNOWN].find(([other, own]) => own.has(name) && isNear(prefix, other)) ?? [];
  return owner && `${owner}/${name}`;
}
