/** Whether one name was probably meant to be another: with a prefix or a suffix that a layer put on, or misspelled. */
import { editDistance } from '../config/wording.ts';

/** What kustomize puts behind the name of a generated ConfigMap or Secret: ten characters of its own alphabet. Source: its `api/hasher`. */
export const CONTENT_HASH = '-[2456789bcdfghkmt]{10}';
const HASHED = new RegExp(`${CONTENT_HASH}$`);

/** The name before kustomize put a hash behind it. */
export function withoutHash(name: string): string {
  return name.replace(HASHED, '');
}

/** `prod-` where the second is the first with it in front; empty where it is not. */
export function prefixOf(name: string, prefixed: string): string {
  return prefixed.endsWith(`-${name}`) ? prefixed.slice(0, -name.length) : '';
}

/** With something put before or behind it, or one or two letters apart. */
export function areNearNames(one: string, other: string): boolean {
  if (one === '' || other === '' || one === other) return false;
  const isLonger = (short: string, long: string) =>
    long.startsWith(`${short}-`) || long.endsWith(`-${short}`);
  return isLonger(one, other) || isLonger(other, one) || isMisspelled(one, other);
}

/** Letters and hyphens alone: `api-1` and `api-2` are two things. */
export function isMisspelled(one: string, other: string): boolean {
  const digits = (text: string) => text.replace(/\D/g, '');
  const most = Math.min(one.length, other.length) < 8 ? 1 : 2;
  if (one === other || Math.abs(one.length - other.length) > most) return false;
  if (digits(one) !== digits(other)) return false;
  return editDistance(one, other) <= most;
}

/** The same for names and hosts of several words, of which one is: `ma-ui` and `ma-api` are two programs, `eu.acme.io` and `us.acme.io` two hosts. */
export function isMisspelledName(one: string, other: string): boolean {
  const [left, right] = [one.split(/[-.]/), other.split(/[-.]/)];
  if (left.length !== right.length) return isMisspelled(one, other);
  const differing = left.flatMap((word, index) => (word === right[index] ? [] : index));
  const [index] = differing;
  if (differing.length !== 1 || index === undefined) return false;
  const words = [left[index] ?? '', right[index] ?? ''] as const;
  // Two letters are a country, or a region.
  return words.every(({ length }) => length > 2) && isMisspelled(...words);
}
