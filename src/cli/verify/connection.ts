/** Opening a connection, with or without TLS, so that each step of it can be named where it is the last one. */
import { connect as connectTcp, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Answer, failed, NoAnswer, type Step } from './line.ts';
import type { PublicHost } from './targets.ts';
import type { Ways } from './ways.ts';

/** A connection without TLS, which ends with the step. Rejects with a `NoAnswer` that says why there is none. */
export async function openTcp(
  target: Pick<PublicHost, 'host' | 'port'>,
  ways: Ways,
  step: Step,
): Promise<Socket> {
  const way = wayTo(target, ways);
  const socket = connectTcp(way);
  await opened(socket, target, step, way.port);
  return socket;
}

/**
 * Whoever's certificate it is: it has lines of its own, and no line sends anything that is not public.
 * @param protocols - for ALPN, the preferred first
 */
export async function openTls(
  target: Pick<PublicHost, 'host' | 'port'>,
  ways: Ways,
  step: Step,
  protocols: readonly string[],
): Promise<TLSSocket> {
  const way = wayTo(target, ways);
  const socket = connectTls({
    ...way,
    servername: target.host,
    ALPNProtocols: [...protocols],
    rejectUnauthorized: false,
  });
  // Both are listened for at once: the handshake may be over before anybody asks.
  const secured = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
  secured.catch(() => {});
  await opened(socket, target, step, way.port);
  step.waitsFor = 'the TLS handshake';
  try {
    await secured;
  } catch (error) {
    throw new NoAnswer(noHandshake(error, `${target.host}:${target.port}`, protocols));
  }
  step.waitsFor = 'an answer';
  return socket;
}

/** Waits until a socket is connected, and lets it end with the step. */
async function opened(
  socket: Socket,
  { host, port }: Pick<PublicHost, 'host' | 'port'>,
  step: Step,
  toPort: number,
): Promise<void> {
  const end = () => socket.destroy();
  if (step.signal.aborted) end();
  step.signal.addEventListener('abort', end, { once: true });
  step.waitsFor = `a connection to port ${toPort}`;
  // What comes later is heard by whoever uses it; an error that nothing listens to would end the program.
  socket.on('error', () => {});
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
  } catch (error) {
    throw new NoAnswer(refused(error, `${host}:${port}`, toPort));
  }
  step.waitsFor = 'an answer';
}

/** Of several addresses Node.js takes the first that answers, as browsers do. */
function wayTo({ host, port }: Pick<PublicHost, 'host' | 'port'>, ways: Ways) {
  const way = ways.to(host, port);
  if (way) return { host: way.address, port: way.port };
  const known = ways
    .addressesOf(host)
    .map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  if (known.length === 0) return { host, port };
  const lookup: LookupFunction = (_, options, done) => {
    const [first] = known;
    if (options.all) done(null, known);
    else done(null, first?.address ?? '', first?.family);
  };
  return { host, port, lookup };
}

/** A socket to the host, of its scheme. */
export function open(
  target: PublicHost,
  ways: Ways,
  step: Step,
  protocols: readonly string[],
): Promise<Socket> {
  return target.scheme === 'https'
    ? openTls(target, ways, step, protocols)
    : openTcp(target, ways, step);
}

const TCP_MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the address is there, and nothing listens on that port',
  ECONNRESET: 'something in between ended it',
  EHOSTUNREACH: 'no route leads to the address',
  ENETUNREACH: 'no route leads to the address',
  ETIMEDOUT: 'a firewall drops it, or the address is not in use',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name server does not answer',
};

function refused(error: unknown, peer: string, port: number): Answer {
  const code = codeOf(error);
  const meaning = TCP_MEANINGS[code] ?? 'the network does not lead there';
  return failed(
    `no connection to port ${port} (${code})`,
    `${meaning}: look at the entry's Service and load balancer`,
    `no connection to ${peer}`,
  );
}

function noHandshake(error: unknown, peer: string, protocols: readonly string[]): Answer {
  const code = codeOf(error);
  const cause = `no handshake with ${peer}`;
  if (/ALERT_NO_APPLICATION_PROTOCOL/.test(code))
    return failed(
      `the TLS handshake was refused: none of ${protocols.join(', ')} is spoken`,
      'the entry has another ALPN than clients of this host need',
      cause,
    );
  const meaning = /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)
    ? 'what listens there does not speak TLS: plain HTTP on the port for HTTPS'
    : /UNRECOGNIZED_NAME|HANDSHAKE_FAILURE|INTERNAL_ERROR/.test(code)
      ? 'the entry has no certificate for this host: see its TLS block or listener, and the Secret'
      : code === 'ECONNRESET'
        ? 'the connection was ended in the handshake: no listener takes this host, or something in between forbids it'
        : 'the two sides do not agree on TLS';
  return failed(`no TLS handshake (${code})`, meaning, cause);
}

function codeOf(error: unknown): string {
  // Of several addresses Node.js says only that none worked.
  const { code, errors } = error as { code?: string; errors?: { code?: string }[] };
  return errors?.[0]?.code ?? code ?? String(error);
}
