/**
 * Address ranges in CIDR notation (RFC 4632, RFC 4291 section 2.3), as a NetworkPolicy's `ipBlock` takes them.
 *
 * Host bits are refused although Kubernetes ignores them: `10.0.0.7/8` is a typing error of one sort or the other.
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

/** The URL standard's parser reads every spelling of an IPv6 address and prints the short one (RFC 5952). */
const shortIpv6 = (address: string) => new URL(`http://[${address}]/`).hostname.slice(1, -1);

/** The first address of a range, in its family's short spelling. */
function networkOf({ address, prefix, family }: Range): string {
  const masked = (groups: readonly number[], bits: number) =>
    groups.map((group, index) => {
      const free = Math.min(Math.max((index + 1) * bits - prefix, 0), bits);
      return (group >> free) << free;
    });
  if (family === 'ipv4') return masked(address.split('.').map(Number), 8).join('.');
  const [left = [], right = []] = shortIpv6(address)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return shortIpv6(
    masked(groups, 16)
      .map((group) => group.toString(16))
      .join(':'),
  );
}

/** What is wrong with a text as a range of addresses; undefined where nothing is. Never throws. */
export function cidrFault(text: string): CidrFault | undefined {
  const fault = (reason: string, suggestion?: string) => ({ reason, suggestion });
  const [address = '', prefix, ...more] = text.trim().split('/');
  const family = familyOf(address);
  if (family === undefined) return fault('does not begin with an IP address');
  const most = BITS[family];
  if (prefix === undefined) return fault('has no prefix length', `${address}/${most}`);
  const plain = `${address}/${prefix}`;
  if (more.length > 0)
    return fault('has two prefix lengths', cidrFault(plain) === undefined ? plain : undefined);
  const range = readRange(plain);
  if (!range) return fault(`has a prefix length that is not a whole number from 0 to ${most}`);
  const network = networkOf(range);
  if (network !== networkOf({ ...range, prefix: most }))
    return fault('has address bits behind its prefix length', `${network}/${prefix}`);
  return text === plain ? undefined : fault('has white space', plain);
}
