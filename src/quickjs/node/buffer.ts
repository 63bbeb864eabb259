/** `node:buffer` for the function in the static executable: what it and the `yaml` package use, and no more. */
import { host } from '../host.ts';

type Encoding = 'utf8' | 'latin1' | 'base64';

/** What Node.js 20 has: the same limit in the same words. */
export const constants = { MAX_STRING_LENGTH: 536_870_888 };

export const isUtf8 = (bytes: Uint8Array): boolean => host.isUtf8(bytes);

class HostBuffer extends Uint8Array {
  static alloc(length: number): HostBuffer {
    return new HostBuffer(length);
  }

  static allocUnsafe(length: number): HostBuffer {
    return new HostBuffer(length);
  }

  static override from(value: unknown, encoding: unknown = 'utf8'): HostBuffer {
    if (typeof value !== 'string') return new HostBuffer(value as Iterable<number>);
    return new HostBuffer(encoding === 'base64' ? decodeBase64(value) : host.encode(value));
  }

  static concat(parts: readonly Uint8Array[]): HostBuffer {
    const whole = new HostBuffer(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  static byteLength(text: string): number {
    return host.encode(text).byteLength;
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const bytes = start === 0 && end === this.length ? this : this.subarray(start, end);
    if (encoding === 'base64') return encodeBase64(bytes);
    return encoding === 'latin1' ? host.decodeLatin1(bytes) : host.decode(bytes);
  }

  override indexOf(wanted: unknown, from = 0): number {
    if (typeof wanted === 'number') return super.indexOf(wanted, from);
    const bytes = typeof wanted === 'string' ? new Uint8Array(host.encode(wanted)) : wanted;
    return host.find(this, bytes as Uint8Array, from);
  }

  override includes(wanted: unknown, from = 0): boolean {
    return this.indexOf(wanted, from) >= 0;
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && host.find(this, other, 0) === 0;
  }
}

export { HostBuffer as Buffer };

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...DIGITS, '-', '_'].map((digit, at) => [digit, at < 64 ? at : at - 2]));

/** As Node.js reads it: either alphabet, up to the first `=`, whatever else stands between the digits left out. */
function decodeBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    if (character === '=') break;
    const value = VALUES.get(character);
    if (value === undefined) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return bytes;
}

function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += digit(group >> 18) + digit(group >> 12);
    text += second === undefined ? '=' : digit(group >> 6);
    text += third === undefined ? '=' : digit(group);
  }
  return text;
}

function digit(group: number): string {
  return DIGITS.charAt(group & 63);
}
