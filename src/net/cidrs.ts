/**
 * Address ranges in CIDR notation (RFC 4632, RFC 4291 section 2.3), as a NetworkPolicy's `ipBlock` takes them.
 *
 * Host bits are refused although Kubernetes ignores them: `10.0.0.7/8` is a typing error of one sort or the other.
 */
import { isIpv4, isIpv6 } from './host-names.ts';

/** What is wrong with a text that should be a range, and the right spelling where it follows from the text. */
export interface CidrFault {
  /** To follow "it": `has no prefix length`. */
  reason: string;
  suggestion: string | undefined;
}

interface Family {
  bits: number;
  read(address: string): bigint;
  print(value: bigint): string;
}

const ipv4: Family = {
  bits: 32,
  read: (address) => address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n),
  print: (value) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.'),
};

/** The URL standard's parser reads every spelling of an IPv6 address and prints the short one (RFC 5952). */
const shortIpv6 = (address: string) => new URL(`http://[${address}]/`).hostname.slice(1, -1);

const ipv6: Family = {
  bits: 128,
  read: (address) => {
    const [head = '', tail] = shortIpv6(address).split('::');
    const groups = (text: string) => (text === '' ? [] : text.split(':'));
    const [left, right] = [groups(head), groups(tail ?? '')];
    const zeros = new Array<string>(8 - left.length - right.length).fill('0');
    return [...left, ...zeros, ...right].reduce(
      (value, group) => (value << 16n) | BigInt(`0x${group}`),
      0n,
    );
  },
  print: (value) => {
    const groups = Array.from({ length: 8 }, (_, index) =>
      ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
    );
    return shortIpv6(groups.join(':'));
  },
};

function familyOf(address: string): Family | undefined {
  if (isIpv4(address)) return ipv4;
  return isIpv6(address) && !address.startsWith('[') ? ipv6 : undefined;
}

/** What is wrong with a text as a range of addresses; undefined where nothing is. Never throws. */
export function cidrFault(text: string): CidrFault | undefined {
  const [address = '', prefix, ...more] = text.trim().split('/');
  const family = familyOf(address);
  if (family === undefined)
    return { reason: 'does not begin with an IP address', suggestion: undefined };
  if (more.length > 0) {
    const shorter = `${address}/${prefix}`;
    return {
      reason: 'has two prefix lengths',
      suggestion: cidrFault(shorter) === undefined ? shorter : undefined,
    };
  }
  if (prefix === undefined)
    return { reason: 'has no prefix length', suggestion: `${address}/${family.bits}` };
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > family.bits)
    return {
      reason: `has a prefix length that is not a whole number from 0 to ${family.bits}`,
      suggestion: undefined,
    };
  const hostBits = BigInt(family.bits - Number(prefix));
  const value = family.read(address);
  const network = (value >> hostBits) << hostBits;
  if (network !== value)
    return {
      reason: 'has address bits behind its prefix length',
      suggestion: `${family.print(network)}/${prefix}`,
    };
  if (text !== text.trim())
    return { reason: 'has white space', suggestion: `${address}/${prefix}` };
  return undefined;
}

/** Whether a range lies in another one or is equal to it; undefined where either is malformed, or where their families differ. */
export function isWithin(part: string, whole: string): boolean | undefined {
  const [address = '', length = ''] = part.trim().split('/');
  const [network = '', wholeLength = ''] = whole.trim().split('/');
  const family = familyOf(address);
  const hasLengths = /^\d+$/.test(length) && /^\d+$/.test(wholeLength);
  if (family === undefined || family !== familyOf(network) || !hasLengths) return undefined;
  const hostBits = BigInt(family.bits - Number(wholeLength));
  const isSame = family.read(address) >> hostBits === family.read(network) >> hostBits;
  return isSame && Number(length) >= Number(wholeLength);
}
