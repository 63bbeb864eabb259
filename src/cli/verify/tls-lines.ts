/** Lines of one public host: its address, its connection, its certificate, and whether it speaks HTTP/2. */
import type { TLSSocket } from 'node:tls';
import { isIp } from '../../net/addresses.ts';
import { type Chain, judgeChain, judgeIssuer, judgeNames, judgeValidity } from './certificate.ts';
import { digCommand, opensslCommand, shellWords } from './commands.ts';
import { openTcp, openTls } from './connection.ts';
import { type Answer, failed, notTried, ok, type Probe, warning } from './line.ts';
import type { Look } from './look.ts';
import { addressesOf } from './names.ts';
import type { PublicHost } from './targets.ts';

const GROUP = 'names and certificates';

/** The items of the guide's list: HTTP/2, certificates. */
const HTTP2 = 1;
const CERTIFICATES = 4;

/** The lines of a host, and those that others stand on. */
export interface HostLines {
  probes: Probe[];
  address: Probe;
  connection: Probe;
  /** Undefined without TLS. */
  http2: Probe | undefined;
}

/** What a host is looked at for. */
export function linesOfHost(target: PublicHost, look: Look): HostLines {
  const { host, port, scheme } = target;
  const address = addressLine(target, look);
  // Where the command line says the address, nothing depends on DNS.
  const needed = look.ways.to(host, port) ? [] : [address];
  if (scheme === 'http') {
    const connection = plainLine(target, look, needed);
    return { probes: [address, connection], address, connection, http2: undefined };
  }
  const seen: Partial<Seen> = {};
  const connection = tlsLine(target, look, needed, seen);
  const about: About = (what, command, items, judge) => ({
    group: GROUP,
    tried: `${what} of ${host}`,
    command,
    items,
    after: [connection],
    // The connection was made, or this line would not run.
    run: async () => judge(seen as Seen),
  });
  const http2 = about(
    'ALPN',
    opensslCommand(target, look, ['-alpn', 'h2'], ' | grep ALPN'),
    target.roles.includes('api') ? [HTTP2] : [],
    ({ protocol }) => judgeProtocol(target, protocol),
  );
  const certificate = certificateLines(target, look, about);
  return { probes: [address, connection, ...certificate, http2], address, connection, http2 };
}

/** What a connection showed. */
interface Seen {
  chain: Chain;
  protocol: string | false | null;
}

/** A line about a connection that was made. */
type About = (
  what: string,
  command: string,
  items: readonly number[],
  judge: (seen: Seen) => Answer,
) => Probe;

/** @param seen - gets what the connection shows */
function tlsLine(
  target: PublicHost,
  look: Look,
  after: readonly Probe[],
  seen: Partial<Seen>,
): Probe {
  const { host, port } = target;
  return {
    group: GROUP,
    tried: `TLS with ${host}:${port}`,
    command: opensslCommand(target, look),
    after,
    peer: `${host}:${port}`,
    run: async (step) => {
      const socket = await openTls(target, look.ways, step, ['h2', 'http/1.1']);
      const chain = chainOf(socket);
      if (!chain) return failed('no certificate', 'the server shows none');
      Object.assign(seen, { chain, protocol: socket.alpnProtocol } satisfies Seen);
      return ok(
        `${socket.getProtocol()} with ${socket.remoteAddress}`,
        'the entry answers for this host',
      );
    },
  };
}

function certificateLines(target: PublicHost, look: Look, about: About): Probe[] {
  const { host } = target;
  const { authorities } = look;
  const { settings } = look.surface;
  const x509 = (fields: string) =>
    opensslCommand(target, look, [], ` 2>/dev/null | openssl x509 -noout ${fields}`);
  const showCerts = opensslCommand(
    target,
    look,
    ['-showcerts'],
    " | grep -E '^ *[0-9]+ s:|Verify'",
  );
  return [
    about('certificate names', x509('-ext subjectAltName'), [CERTIFICATES], ({ chain }) =>
      judgeNames(host, chain),
    ),
    about('certificate issuer', x509('-issuer'), [CERTIFICATES], ({ chain }) =>
      judgeIssuer(host, chain, settings, authorities),
    ),
    about('certificate chain', showCerts, [CERTIFICATES], ({ chain }) =>
      judgeChain(host, chain, settings, authorities),
    ),
    about('certificate dates', x509('-dates'), [CERTIFICATES], ({ chain }) =>
      judgeValidity(chain, Date.now()),
    ),
  ];
}

function addressLine({ host, port }: PublicHost, { ways, io }: Look): Probe {
  return {
    group: GROUP,
    tried: `DNS of ${host}`,
    command: digCommand(host),
    run: async (step) => {
      if (isIp(host)) return ok(host, 'an address, not a name');
      const way = ways.to(host, port);
      if (way) return notTried(`the command line says ${way.address}: what DNS says is not known`);
      const found = await addressesOf(host, io, step);
      ways.learn(host, found);
      return ok(found.join(', '), 'the name leads there');
    },
  };
}

function plainLine(target: PublicHost, { ways }: Look, after: readonly Probe[]): Probe {
  const { host, port } = target;
  const way = ways.to(host, port) ?? { address: host, port };
  return {
    group: GROUP,
    tried: `connection to ${host}:${port}`,
    command: `nc ${shellWords(['-vz', way.address, String(way.port)])}`,
    after,
    peer: `${host}:${port}`,
    run: async (step) => {
      const socket = await openTcp(target, ways, step);
      return ok(`connected to ${socket.remoteAddress}`, 'plain HTTP, as tls.mode `none` says');
    },
  };
}

function judgeProtocol({ roles }: PublicHost, protocol: string | false | null): Answer {
  if (protocol === 'h2') return ok('h2', 'the entry speaks HTTP/2');
  const came = protocol ? protocol : 'no protocol was chosen';
  return roles.includes('api')
    ? failed(
        came,
        'gRPC needs HTTP/2: turn it on in the controller (ALPN h2), and in what stands in front of it',
      )
    : warning(
        came,
        'browsers use HTTP/1.1 then, which has six connections for each host: pages that stream use them up',
      );
}

/** As it was sent; Node.js does not add what was not. */
function chainOf(socket: TLSSocket): Chain | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return undefined;
  const chain = [leaf];
  for (
    let next = leaf.issuerCertificate;
    next && chain.length < 10;
    next = next.issuerCertificate
  ) {
    const { fingerprint256 } = next;
    if (chain.some((one) => one.fingerprint256 === fingerprint256)) break;
    chain.push(next);
  }
  return chain as unknown as Chain;
}
