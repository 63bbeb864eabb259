/**
 * Where host names stand in a text: as whole hosts, and not as a part of another name. A dot may be escaped, as regular expressions have
 * it: `app\.example\.com`, `app[.]example[.]com`, or encoded as in a URL, once or
 * more: `app%2Eexample%2Ecom`, `%252E`. A host in `xn--` is found in its own letters too, and in those of URLs: `b%C3%BCcher.example`.
 */
import { unicodeHost } from './host-names.ts';

/** A place in a text where the characters of a host stand. */
export interface HostOccurrence {
  start: number;
  end: number;
  /** The host as it was looked for. */
  host: string;
  /** How its dots are written: `.`, `\.`, `\\.`, `[.]`, `%2E`, `%252E`. */
  dot: string;
  /**
   * `whole` is the host itself; `below` a name below it; `unclear` a pattern, or the domain of an e-mail address. Where the characters
   * are a part of another name there is no occurrence at all.
   */
  form: 'whole' | 'below' | 'unclear';
  /** The whole name that stands there, its dots as they are in a name: `www.app.example.com` below `app.example.com`. */
  name: string;
}

/** Finds all of the hosts in one pass over a text. */
export interface HostFinder {
  /** Whether the characters of one of the hosts stand in a text, whatever stands around them. */
  mayStandIn(text: string): boolean;
  find(text: string): HostOccurrence[];
}

const DOT = String.raw`(?:\\*\.|\[\.\]|%(?:25)*2e)`;
const WRITTEN_DOT = /\\*\.|\[\.\]|%(?:25)*2e/gi;
const BEYOND_ASCII = /[^\0-\x7f]/;
/** Of no host: a pattern that never matches would still be tried at every character. */
const FINDS_NOTHING: HostFinder = { mayStandIn: () => false, find: () => [] };

/**
 * @param hosts - in lower case; found in any case
 * @param domains - found only behind a dot that no label stands before
 */
export function hostFinder(hosts: readonly string[], domains: readonly string[] = []): HostFinder {
  const ascii = new Map(
    hosts.flatMap((host) => {
      const own = unicodeHost(host);
      const inUrls = encodeURI(own).toLowerCase();
      return [own, inUrls, encodeURI(inUrls)].map((form): [string, string] => [form, host]);
    }),
  );
  const names = [...new Set([...hosts, ...ascii.keys()])].filter(Boolean);
  const sources = [...(names.length > 0 ? [anyOf(names)] : []), ...domains.map(openSourceOf)];
  if (sources.length === 0) return FINDS_NOTHING;
  const pattern = new RegExp(sources.join('|'), 'i');
  return {
    mayStandIn: (text) => pattern.test(text),
    find: (text) =>
      [...text.matchAll(new RegExp(pattern, 'gi'))].flatMap(
        (match) => occurrenceAt(text, match.index, match.index + match[0].length, ascii) ?? [],
      ),
  };
}

/** A host written with the dots of an occurrence. */
export function writeLike({ dot }: HostOccurrence, host: string): string {
  return host.split('.').join(dot);
}

/** Whether an occurrence is part of a file's path, below another folder: `/etc/tls/app.example.com/tls.crt`. No URL is one. */
export function isInFilePath(text: string, { start, dot }: HostOccurrence): boolean {
  const head = text.slice(Math.max(0, start - 200), start);
  return dot === '.' && /(?:^|[\s=:,;"'`([])\/(?:[\w.@+-]+\/)+$/.test(head);
}

function sourceOf(host: string): string {
  return anyOf([host]);
}

/** What names begin with alike is tried once: thousands one after the other would each be tried at every character of a text. */
function anyOf(names: readonly string[]): string {
  const root: Beginning = { next: new Map(), isName: false };
  for (const name of names) {
    let at = root;
    for (const character of name) {
      const next = at.next.get(character) ?? { next: new Map(), isName: false };
      at.next.set(character, next);
      at = next;
    }
    at.isName = true;
  }
  return patternOf(root);
}

/** What names begin with, and each character that goes on from there. */
interface Beginning {
  next: Map<string, Beginning>;
  isName: boolean;
}

function patternOf({ next, isName }: Beginning): string {
  const ways = [...next].map(([character, beginning]) => escaped(character) + patternOf(beginning));
  const [only = ''] = ways;
  if (ways.length <= 1 && !isName) return only;
  // Of two that begin alike the longer one is meant.
  return ways.length === 0 ? '' : `(?:${ways.join('|')})${isName ? '?' : ''}`;
}

/** No label stands before the dot: `.example.com`, `*.example.com`. The search is fast where it begins with plain characters. */
function openSourceOf(domain: string): string {
  const source = sourceOf(domain);
  return String.raw`${source}(?<=(?<![\w\\-])${DOT}${source})`;
}

function escaped(character: string): string {
  return character === '.' ? DOT : character.replace(/[^A-Za-z0-9_]/, String.raw`\$&`);
}

/** @param ascii - each host by its own letters, and by those as URLs have them */
function occurrenceAt(
  text: string,
  start: number,
  end: number,
  ascii: ReadonlyMap<string, string>,
): HostOccurrence | undefined {
  const written = text.slice(start, end);
  const host = ascii.get(nameOf(written)) ?? nameOf(written);
  const [dot = '.'] = written.match(WRITTEN_DOT) ?? [];
  const after = edgeAfter(text, end);
  const before = edgeBefore(text, start);
  if (before === 'inside' || after === 'inside') return undefined;
  if (before === 'below')
    return { start, end, host, dot, form: 'below', name: nameOf(nameUpTo(text, end)) };
  // Beside further letters it may be a part of another name.
  const isInLetters =
    BEYOND_ASCII.test(written) && BEYOND_ASCII.test(text.charAt(start - 1) + text.charAt(end));
  const isUnclear = isInLetters || before === 'unclear' || after === 'unclear';
  const form = isUnclear ? 'unclear' : 'whole';
  return { start, end, host, dot, form, name: host };
}

function nameOf(written: string): string {
  return written.replace(WRITTEN_DOT, '.').toLowerCase();
}

/** The longest name that ends at a position, without dots that no label stands before. */
function nameUpTo(text: string, end: number): string {
  // A name has at most 253 characters; escapes make it longer.
  const head = text.slice(Math.max(0, end - 512), end);
  const written = /(?:[\w*-]|\\*\.|\[\.\]|%(?:25)*2e)+$/i.exec(head)?.[0] ?? '';
  const isEncoded = head.at(-written.length - 1) === '%';
  return (isEncoded ? written.replace(/^(?:25)*[\da-f]{2}/i, '') : written).replace(
    /^(?:\\*\.|\[\.\]|%(?:25)*2e)+/i,
    '',
  );
}

type Edge = 'whole' | 'inside' | 'below' | 'unclear';

/** A byte in percent encoding that cannot be part of a name: `%2F`, `%3A`; not `%2D` and `%2E`. */
const ENCODED_SIGN = /%(?:25)*(?:2[0-9a-cf]|3[a-f]|40|5[b-e]|60|7[b-e])$/i;

function edgeBefore(text: string, start: number): Edge {
  const before = text.slice(Math.max(0, start - 9), start);
  if (/(?:\.|\[\.\]|%(?:25)*2e)$/i.test(before)) return 'below';
  if (before.endsWith('-') && isDefault(text, start)) return 'whole';
  if (/[\w-]$/.test(before))
    // `\b` and `\A` of regular expressions.
    return ENCODED_SIGN.test(before) || /\\[bA]$/.test(before) ? 'whole' : 'inside';
  if (/[*+]$/.test(before)) return 'unclear';
  if (before.endsWith('@')) return isUserOfUrl(text, start) ? 'whole' : 'unclear';
  return 'whole';
}

/** Whether a hyphen before a host ends `${HOST:-` or `${HOST-` of a shell, and is not part of a name. */
function isDefault(text: string, start: number): boolean {
  return /\$\{\w+:?-$/.test(text.slice(Math.max(0, start - 100), start));
}

/** Whether `@` before a host ends the user of a URL, and not the name of a mailbox. */
function isUserOfUrl(text: string, start: number): boolean {
  return /:\/\/[^\s/?#]*@$/.test(text.slice(Math.max(0, start - 200), start));
}

function edgeAfter(text: string, end: number): Edge {
  const after = text.slice(end, end + 9);
  if (/^[\w-]/.test(after)) return 'inside';
  // Another label, or a group of them in a regular expression. A dot that stands for any character is followed by how often.
  if (/^(?:\\*\.|\[\.\])[\w([-]/.test(after) || /^%(?:25)*2[de]/i.test(after)) return 'inside';
  return /^(?:[*+@]|\?[)|$]|\?$)/.test(after) ? 'unclear' : 'whole';
}
