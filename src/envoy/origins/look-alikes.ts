/**
 * Origins that a matcher lets in and that others can have: derived from what the matcher was meant for, and tried against it.
 *
 * A wildcard for whole labels below a name of one's own is no look-alike: only its owner makes names there.
 */
import { isPrivateName } from '../../net/host-names.ts';
import type { OriginMatcher } from './matcher.ts';
import { type Sample, samplesOf, textOf } from './samples.ts';

/** Sites of no one in particular: who lets one of them in lets every site in. */
const ANY_SITE = [
  '*',
  'https://evil.test',
  'http://evil.test',
  'https://a-1.evil.test:8443',
  'http://192.0.2.1',
];

/** What sandboxed frames and files send, wherever they are from (HTML standard, "opaque origin"). */
const OPAQUE = 'null';

/** Names of two labels under which anybody gets a third. Source: a few of publicsuffix.org's list, those that apps are served from. */
const SHARED_SUFFIXES =
  /^(?:(?:com?|org|net|ac|gov|edu)\.[a-z]{2}|github\.io|gitlab\.io|vercel\.app|netlify\.app|web\.app|firebaseapp\.com|pages\.dev|workers\.dev|herokuapp\.com|azurewebsites\.net|cloudfront\.net|run\.app|ngrok\.io|ngrok\.app)$/;

/** A sample taken apart at `://`; the host ends before a port. */
interface MeantOrigin {
  /** Empty where the matcher leaves it open. */
  scheme: string;
  host: Sample;
  /** `:8080`, or empty. */
  port: string;
}

/** An origin that shows that a matcher takes every site; undefined where none does. */
export function strangerLetIn(matcher: OriginMatcher): string | undefined {
  return [...ANY_SITE, OPAQUE].find(matcher.matches);
}

/** The look-alikes that a matcher lets in, at most a few. */
export function lookAlikesLetIn(matcher: OriginMatcher): string[] {
  const meant = samplesOf(matcher).map(takeApart);
  const candidates = [
    ...meant.flatMap(asLookAlikes),
    ...meant.flatMap((origin) => otherSchemes(origin, meant)),
  ];
  const found = candidates.filter(matcher.matches);
  return [...new Set(found)].slice(0, 3);
}

function takeApart(sample: Sample): MeantOrigin {
  const text = textOf(sample);
  const separator = text.indexOf('://');
  const isNamed = /^https?$/.test(text.slice(0, Math.max(separator, 0)));
  const rest = sample.slice(separator < 0 ? 0 : separator + '://'.length);
  const colon = rest.findIndex((character) => /[:/]/.test(character.text));
  const host = colon < 0 ? rest : rest.slice(0, colon);
  const port = /^:\d+/.exec(textOf(colon < 0 ? [] : rest.slice(colon)))?.[0] ?? '';
  return { scheme: isNamed ? text.slice(0, separator) : '', host, port };
}

/** Other hosts: with something behind, with another character for each dot, with something in front, under another top level. */
function asLookAlikes({ scheme, host, port }: MeantOrigin): string[] {
  const name = textOf(host);
  const hosts = [
    `${name.replace(/\.$/, '')}.evil.test`,
    `${name}evil.test`,
    `${name}x`,
    ...host.flatMap(({ text, isWild }, at) =>
      text === '.' && !isWild ? [`${name.slice(0, at)}x${name.slice(at + 1)}`] : [],
    ),
    ...inFront(host),
    ...otherTopLevels(host),
  ];
  return hosts.map((other) => `${scheme || 'https'}://${other}${port}`);
}

/** What is written out at the end of a host, behind the last wildcard. */
function writtenTail(host: Sample): string {
  const lastWild = host.findLastIndex(({ isWild }) => isWild);
  return textOf(host.slice(lastWild + 1));
}

/** `evil-app.example.com`, where the name is open in front of a label that is written out. */
function inFront(host: Sample): string[] {
  const tail = writtenTail(host);
  const [label = '', ...parents] = tail.split('.');
  // Behind a hyphen or a part of a label, names are new ones of the same owner, unless the label is the owner's own.
  const isOwnersLabel = isShared(parents.join('.'));
  if (label === '' || (label.startsWith('-') && !isOwnersLabel)) return [];
  return [`evil-${tail}`, `evil${tail}`, `evil.test-${tail}`];
}

/** `evil.com`, where all that is written out is a top level, or less. */
function otherTopLevels(host: Sample): string[] {
  const tail = writtenTail(host);
  const name = textOf(host);
  const suffix = tail.replace(/^[^.]*\./, '');
  if (isPrivateName(name) || tail === name) return [];
  if (!tail.includes('.')) return [name.replace(/[^.]*$/, 'evil')];
  return isShared(suffix) ? [`evil.${suffix}`, `www.evil.${suffix}`] : [];
}

/** Whether names directly below belong to different owners. */
function isShared(suffix: string): boolean {
  return !suffix.includes('.') || SHARED_SUFFIXES.test(suffix);
}

/** The same host without TLS, which anybody on the way can speak for, unless it is named as well. */
function otherSchemes(
  { scheme, host, port }: MeantOrigin,
  meant: readonly MeantOrigin[],
): string[] {
  const isNamed = meant.some((other) => other.scheme === 'http');
  const name = textOf(host);
  if (isNamed || scheme === 'http' || isPrivateName(name)) return [];
  const whole = name.startsWith('.') ? `app${name}` : name;
  return [`http://${whole}${port}`];
}
