/**
 * Address ranges in CIDR notation (RFC 4632, RFC 4291 section 2.3), as a NetworkPolicy's `ipBlock` takes them.
 *
 * In manifests host bits are taken, as the Kubernetes API takes them: `10.0.0.7/8` is `10.0.0.0/8` there. Source: Kubernetes,
 * pkg/apis/networking/validation, ValidateIPBlock; newer versions warn of them themselves. In a config, where nobody has built on them yet,
 * they are refused: either the address or the length is not what was meant.
 */
import { isIp, isIpv6 } from './addresses.ts';

/** What is wrong with a text that should be a range, and the right spelling where it follows from the text. */
interface CidrFault {
  /** To follow "it": `has no prefix length`. */
  reason: string;
  suggestion: string | undefined;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;

type Family = keyof typeof BITS;

interface Range {
  address: string;
  prefix: number;
  family: Family;
}

function familyOf(address: string): Family | undefined {
  if (!isIp(address) || address.startsWith('[')) return undefined;
  return isIpv6(address) ? 'ipv6' : 'ipv4';
}

/** Bits set behind the prefix length are no hindrance. */
function readRange(text: string): Range | undefined {
  const [, address = '', length = ''] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const [family, prefix] = [familyOf(address), Number(length)];
  if (family === undefined || prefix > BITS[family]) return undefined;
  return { address, prefix, family };
}

/**
 * An address as a number. A dotted end of an IPv6 address is read as the URL standard does, which writes it as two groups.
 */
function numberOf(address: string, family: Family): bigint {
  if (family === 'ipv4')
    return address.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (part = '') => part.split(':').filter(Boolean);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return BigInt(
    `0x${[...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')}`,
  );
}

/** The bits of an address that a prefix length covers. */
function prefixOf(address: bigint, prefix: number, family: Family): bigint {
  return address >> BigInt(BITS[family] - prefix);
}

/** Whether a range lies in another one or is equal to it; undefined where either is malformed, or where their families differ. */
export function isWithin(part: string, whole: string): boolean | undefined {
  const [inner, outer] = [readRange(part.trim()), readRange(whole.trim())];
  if (!inner || inner.family !== outer?.family) return undefined;
  if (inner.prefix < outer.prefix) return false;
  const [low, high] = [inner, outer].map(({ address, family }) =>
    prefixOf(numberOf(address, family), outer.prefix, family),
  );
  return low === high;
}

/** Whether an address is the first one of a larger range in all likelihood: its end is zero. */
const isNetwork = (address: string) => /(?:\.0|:)$/.test(address);

function addressOf(number: bigint, family: Family): string {
  if (family === 'ipv4')
    return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
  const groups = number.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** The range with its host bits cleared; undefined where none is set. */
function networkOf({ address, prefix, family }: Range): string | undefined {
  const number = numberOf(address, family);
  const network = prefixOf(number, prefix, family) << BigInt(BITS[family] - prefix);
  return network === number ? undefined : `${addressOf(network, family)}/${prefix}`;
}

/**
 * What is wrong with a text as a range in a config: as `cidrFault`, but an address alone stands for itself, unless it is the first one of a
 * network, and host bits are refused. Never throws.
 */
export function rangeFault(text: string): CidrFault | undefined {
  if (familyOf(text) !== undefined && !isNetwork(text)) return undefined;
  const fault = cidrFault(text);
  const plain = fault ? fault.suggestion : text;
  const range = plain === undefined ? undefined : readRange(plain);
  const network = range && networkOf(range);
  if (network === undefined) return fault;
  return { reason: fault?.reason ?? 'has bits set behind its prefix length', suggestion: network };
}

/** A range of a config in CIDR notation, as a NetworkPolicy takes it: an address alone gets `/32` or `/128`. */
export function asRange(text: string): string {
  const family = familyOf(text);
  return family === undefined ? text : `${text}/${BITS[family]}`;
}

/** What is wrong with a text as a range of addresses; undefined where nothing is. Never throws. */
export function cidrFault(text: string): CidrFault | undefined {
  const fault = (reason: string, suggestion?: string) => ({ reason, suggestion });
  const [address = '', prefix, ...more] = text.trim().split('/');
  const family = familyOf(address);
  if (family === undefined) return fault('does not begin with an IP address');
  const most = BITS[family];
  if (prefix === undefined) {
    const suggestion = isNetwork(address) ? undefined : `${address}/${most}`;
    return fault('has no prefix length', suggestion);
  }
  const plain = `${address}/${prefix}`;
  if (more.length > 0)
    return fault('has two prefix lengths', cidrFault(plain) === undefined ? plain : undefined);
  if (!readRange(plain))
    return fault(`has a prefix length that is not a whole number from 0 to ${most}`);
  return text === plain ? undefined : fault('has white space', plain);
}
