/**
 * Address ranges in CIDR notation (RFC 4632, RFC 4291 section 2.3), as a NetworkPolicy's `ipBlock` takes them.
 *
 * Host bits are taken, as the Kubernetes API takes them: `10.0.0.7/8` is `10.0.0.0/8` there. Source: Kubernetes, pkg/apis/networking/validation,
 * ValidateIPBlock; newer versions warn of them themselves.
 */
import { BlockList } from 'node:net';
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

/** Whether a range lies in another one or is equal to it; undefined where either is malformed, or where their families differ. */
export function isWithin(part: string, whole: string): boolean | undefined {
  const [inner, outer] = [readRange(part.trim()), readRange(whole.trim())];
  if (!inner || inner.family !== outer?.family) return undefined;
  if (inner.prefix < outer.prefix) return false;
  const block = new BlockList();
  block.addSubnet(outer.address, outer.prefix, outer.family);
  return block.check(inner.address, inner.family);
}

/** Whether an address is the first one of a larger range in all likelihood: its end is zero. */
const isNetwork = (address: string) => /(?:\.0|:)$/.test(address);

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
