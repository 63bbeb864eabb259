/** Places where an old host stays, with the reason: what the function says about them. */

import type { PublicRole } from '../../config/public-hosts.ts';
import { hostRoles, type Settings } from '../../config/settings.ts';
import { type Problem, type ResourceReference, resourceLabel, someOf } from '../../errors.ts';
import { groupedBy } from '../../maps.ts';
import { isCode, isName, type Place } from './places.ts';

/** Why an old host stays. */
export type Reason = keyof typeof MESSAGES;

/** An old host that stays. */
export interface Left {
  resource: ResourceReference | undefined;
  /** As people read it; empty where it is the resource as a whole. */
  path: string;
  /** From 1, in the string, where that has several lines. */
  line: number | undefined;
  reason: Reason;
  /** The host, or the name below it, that stands there. */
  name: string;
  /** The part that it belonged to; undefined where it was that of both, or of neither. */
  role: PublicRole | undefined;
}

const MESSAGES = {
  code: 'an old host is left in code, which the function does not change',
  text: 'an old host is left in a string that is neither a URL, a list of hosts nor a document',
  comment: 'an old host is left in a comment',
  binary: 'an old host is left in binary data or in base64, which the function does not change',
  key: 'an old host is left as a key',
  name: 'an old host is left in a name or in the path of a file, by which places refer to each other',
  both: 'an old host is left that both parts had: nobody can tell which of the two new ones it becomes',
  reused:
    'a host stands here that the config gives to another part than had it: nobody can tell which part is meant',
  loop: 'an old host is left where it leads to the new one, which would lead to itself',
  twice: 'an old host is left beside its new one, which would be there twice',
  unclear: 'an old host is left in a pattern or an address that may mean other names as well',
  below: 'a name of the old domain is left',
  broken: 'an old host is left in a document that does not parse, or that holds no resource',
} as const;

/** A warning for each place and reason; a name of the old domain has one for all of its places. */
export function leftProblems(left: readonly Left[], settings: Settings): Problem[] {
  const groups = groupedBy(left, ({ resource, path, reason, name }) => [
    reason === 'below' ? name : JSON.stringify([resource, path, reason]),
  ]);
  return [...groups.values()].map((group) => problemOf(group, settings));
}

function problemOf(group: readonly Left[], settings: Settings): Problem {
  const [{ resource, path, reason }] = group as [Left, ...Left[]];
  const lines = reason === 'below' ? group.slice(0, 1) : group;
  const place = [path, linesOf(lines)].filter(Boolean).join(', ');
  // Nothing of a Secret is shown.
  const names = resource?.kind === 'Secret' ? ['an old host'] : group.map(({ name }) => name);
  const others = reason === 'below' ? othersOf(group.slice(1)) : '';
  return {
    code: 'old-host-left',
    severity: 'warning',
    message: MESSAGES[reason],
    ...(resource ? { resource } : {}),
    ...(place === '' ? {} : { path: place }),
    found: [...new Set(names)].join(', ') + others,
    fix: `${instruction(group, settings)}; where it is to stay, list the place under spec.hosts.leave with the reason`,
  };
}

function linesOf(group: readonly Left[]): string {
  const lines = [...new Set(group.flatMap(({ line }) => line ?? []))].sort((a, b) => a - b);
  return lines.length === 0 ? '' : `line${lines.length > 1 ? 's' : ''} ${someOf(lines, SHOWN)}`;
}

/** How many further places a message names. */
const SHOWN = 4;

function othersOf(group: readonly Left[]): string {
  if (group.length === 0) return '';
  const places = group.map(({ resource, path }) =>
    [resource && resourceLabel(resource), path].filter(Boolean).join(', '),
  );
  return `; also in ${someOf(places, SHOWN, '; ')}`;
}

function instruction(group: readonly Left[], settings: Settings): string {
  const roles = new Set(group.map(({ role }) => role));
  switch (group[0]?.reason) {
    case 'below':
      return 'write the name that belongs to the new domain, if there is one';
    case 'loop':
      return 'take the redirect or the row out once nobody asks for the old host';
    case 'twice':
      return 'take the old one out';
    default: {
      const wanted = hostRoles(settings).filter((role) => roles.has(role) || roles.has(undefined));
      return `write ${wanted.map((role) => settings.hosts[role][0].host).join(' or ')} there in the base`;
    }
  }
}

/**
 * What keeps a string as it is, by where it stands.
 * @param isNamed - whether something beside it says that it is a name
 */
export function reasonAt(place: Place, isKey: boolean, isNamed: boolean): Reason | undefined {
  if (isKey) return 'key';
  if (isCode(place)) return 'code';
  return isNamed || isName(place) ? 'name' : undefined;
}
