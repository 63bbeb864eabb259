/** Old hosts in a single text: which new one each becomes, or why it stays. */
import { PUBLIC_ROLES, type PublicRole } from '../../config/public-hosts.ts';
import type { PublicHost, Settings } from '../../config/settings.ts';
import { base64Forms, withoutEscapes } from '../../net/hidden-texts.ts';
import { unicodeHost } from '../../net/host-names.ts';
import {
  type HostFinder,
  type HostOccurrence,
  hostFinder,
  isInFilePath,
  writeLike,
} from '../../net/host-occurrences.ts';
import { type OldHosts, oldParents, partPlaceholder } from '../../surface/old-hosts.ts';
import { type Json, leavesOf } from '../../yaml/json.ts';
import { isClientIn } from './clients.ts';
import type { Reason } from './left.ts';
import { replacementFor } from './origins.ts';

/** A text with new hosts in it, and the old ones that they follow. */
export interface NewText {
  text: string;
  followed: ReadonlySet<string>;
}

/** What stays in a text. */
interface Stays {
  start: number;
  name: string;
  reason: Reason;
}

const PLACEHOLDERS = PUBLIC_ROLES.map((role) => partPlaceholder(role).toLowerCase());

/** The old hosts of one run, and what becomes of each. */
export class HostMap {
  readonly #old: OldHosts['parts'];
  readonly #was: OldHosts['served'];
  readonly #is: OldHosts['served'][PublicRole];
  readonly #hosts: Settings['hosts'];
  readonly #finder: HostFinder;
  readonly #encoded: RegExp;
  readonly #typed: ReadonlySet<string>;
  /** Hosts with letters beyond ASCII, as a source shows them of which nothing is decoded yet. */
  readonly #bytes: HostFinder;

  constructor(old: OldHosts, settings: Settings) {
    this.#old = old.parts;
    this.#was = old.served;
    this.#is = { isSecure: settings.scheme === 'https', port: settings.port };
    this.#hosts = settings.hosts;
    const parents = oldParents(old, settings);
    this.#finder = hostFinder([...old.parts.keys(), ...parents.whole], parents.open);
    this.#bytes = hostFinder([...old.parts.keys()].flatMap(bytesOf));
    const { hosts: _, checks: __, ...spec } = settings.config.spec;
    this.#typed = new Set(
      leavesOf(spec as unknown as Json).flatMap(({ value }) => this.wholeIn(value)),
    );
    const forms = [...old.parts.keys()].flatMap(base64Forms);
    this.#encoded = new RegExp(forms.map((form) => form.replaceAll('+', '\\+')).join('|'));
  }

  mayStandIn(text: string): boolean {
    return this.#finder.mayStandIn(text);
  }

  /** Whether one can stand in the source of a chunk: by itself, with escapes, or in lower case in base64. */
  mayStandInSource(text: string): boolean {
    if (this.mayStandIn(text)) return true;
    if (this.#bytes.mayStandIn(text)) return true;
    const plain = withoutEscapes(text);
    if (plain !== undefined && this.mayStandIn(plain)) return true;
    const mayBeInLines = text.includes('Secret') || text.includes('binary');
    return this.mayBeEncodedIn(mayBeInLines ? text.replace(/\s/g, '') : text);
  }

  /** Whether one can stand in base64 in a text. */
  mayBeEncodedIn(text: string): boolean {
    return this.#encoded.test(text);
  }

  /** The old hosts that stand as whole ones in the words of a text that are base64: a header of basic authentication, a `data:` URL. */
  encodedIn(text: string): string[] {
    if (!this.mayBeEncodedIn(text)) return [];
    const words = text.match(/[\w+/-]{8,}/g) ?? [];
    return words.flatMap((word) => this.wholeIn(Buffer.from(word, 'base64').toString('latin1')));
  }

  /** The old hosts that stand in a text as whole ones. */
  wholeIn(text: string): string[] {
    const whole = this.#finder.find(text).filter(({ form }) => form === 'whole');
    return [...new Set(whole.map(({ host }) => host))].filter((host) => this.#old.has(host));
  }

  /** Whether every old host in a text is one that the config names on purpose, in `cors.allowOrigins` for instance. */
  isTyped(text: string): boolean {
    const hosts = this.#typed.size === 0 ? [] : this.wholeIn(text);
    return hosts.length > 0 && hosts.every((host) => this.#typed.has(host));
  }

  /** @param reason - why nothing of the text changes */
  renew(text: string, reason: Reason | undefined): { made: NewText | undefined; left: Stays[] } {
    const followed = new Set<string>();
    const left: Stays[] = [];
    let written = '';
    let position = 0;
    for (const occurrence of this.#finder.find(text)) {
      const { start, host, name } = occurrence;
      const isName = isInFilePath(text, occurrence) || isClientIn(text, start);
      const why = this.#whyNot(occurrence, reason ?? (isName ? 'name' : undefined));
      const role = this.roleOf(host);
      if (why !== undefined || role === undefined) {
        if (why !== 'nothing')
          left.push({ start, name, reason: why ?? (this.isReused(host) ? 'reused' : 'both') });
        continue;
      }
      const wanted = writeLike(occurrence, this.#hosts[role][0].host);
      const next = replacementFor(text, occurrence, wanted, this.#was[role], this.#is);
      written += text.slice(position, next.start) + next.text;
      position = next.end;
      followed.add(host);
    }
    if (followed.size === 0) return { made: undefined, left };
    const made = withoutRepeats(text, written + text.slice(position));
    return { made: { text: made, followed }, left };
  }

  newHost(host: string): PublicHost | undefined {
    const role = this.roleOf(host);
    return role && this.#hosts[role][0];
  }

  /** The part that a host belonged to; undefined for one of which nobody can tell, and for any other name. */
  roleOf(host: string): PublicRole | undefined {
    const role = this.#old.get(host);
    return role === 'both' || role === 'reused' ? undefined : role;
  }

  /** Whether the config gives a host to another part than had it. */
  isReused(host: string): boolean {
    return this.#old.get(host) === 'reused';
  }

  isPlaceholder(host: string): boolean {
    return PLACEHOLDERS.includes(host);
  }

  /** Whether a name is one of the config's: a new host may be below an old one. */
  #isWanted(name: string): boolean {
    return PUBLIC_ROLES.some((role) => this.#hosts[role].some(({ host }) => host === name));
  }

  #whyNot(
    { host, form, name }: HostOccurrence,
    reason: Reason | undefined,
  ): Reason | 'nothing' | undefined {
    if (form === 'below') return this.isReused(host) || this.#isWanted(name) ? 'nothing' : 'below';
    // A mailbox at the parent domain has nothing to do with its hosts.
    if (!this.#old.has(host)) return form === 'whole' ? 'below' : 'nothing';
    if (reason !== undefined) return reason;
    return form === 'whole' ? undefined : form;
  }
}

/** A list in one text says the new host once where it had the old one and the new: what it had twice before, it may have twice. */
function withoutRepeats(old: string, made: string): string {
  const separator = made.includes(',') ? /(\s*,\s*)/ : /(\s+)/;
  const items = made.split(separator);
  const [before, after] = [bareItems(old.split(separator)), bareItems(items)];
  if (!after.every((item) => /^[\w*:/[\]-]*\.[\w.*:/[\]-]*$/.test(item))) return made;
  const firsts = new Map<string, number>();
  for (const [index, item] of after.entries()) if (!firsts.has(item)) firsts.set(item, index);
  const isRepeat = (index: number) => {
    const first = firsts.get(after[index] as string) as number;
    return first < index && before[first] !== before[index];
  };
  // Each item goes with the separator before it.
  return items.filter((_, position) => !isRepeat(Math.ceil(position / 2))).join('');
}

/** Without the separators between them, and without the flag before the first: `--origins=a,b`. */
function bareItems([first = '', ...others]: readonly string[]): string[] {
  return [first.replace(/^[\w-]+=/, ''), ...others.filter((_, index) => index % 2 === 1)];
}

/** The bytes of a host's own letters, small and capital ones, as Latin-1; none where all are ASCII. */
function bytesOf(host: string): string[] {
  const own = unicodeHost(host);
  if (own === host) return [];
  return [own, own.toUpperCase()].map((text) => Buffer.from(text).toString('latin1'));
}
