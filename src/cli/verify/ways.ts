/** Where a public host and port are reached: what DNS says, or what the command line says instead, as curl does. */
import { isIp, readAddress, withoutBrackets } from '../../net/addresses.ts';
import { UsageError } from '../io.ts';

/** What is connected to. */
export interface Way {
  address: string;
  port: number;
}

interface Rule {
  host: string;
  /** Undefined for every port. */
  port: number | undefined;
  address: string;
  /** Undefined for the same port. */
  toPort: number | undefined;
}

/** The rules of `--resolve` and `--connect-to`, and what DNS said: each host is looked up once in a run. */
export class Ways {
  readonly #rules: readonly Rule[];
  readonly #found = new Map<string, readonly string[]>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** Undefined where DNS is asked. */
  to(host: string, port: number): Way | undefined {
    const rule = this.#rules.find(
      (one) => one.host === host.toLowerCase() && (one.port ?? port) === port,
    );
    return rule && { address: rule.address, port: rule.toPort ?? port };
  }

  /** Keeps what DNS says of a host: it is asked once. */
  learn(host: string, addresses: readonly string[]): void {
    this.#found.set(host, addresses);
  }

  /** What DNS said. */
  addressesOf(host: string): readonly string[] {
    return this.#found.get(host) ?? [];
  }

  /** The words for curl that lead the same way. */
  curlWords(host: string, port: number): string[] {
    const way = this.to(host, port);
    if (!way) return [];
    return way.port === port
      ? ['--resolve', `${host}:${port}:${way.address}`]
      : ['--connect-to', `${host}:${port}:${way.address}:${way.port}`];
  }
}

/** Reads `--resolve HOST[:PORT]:ADDRESS` and `--connect-to HOST:PORT:ADDRESS:PORT`; throws for anything else. */
export function readWays(resolve: readonly string[] = [], connectTo: readonly string[] = []): Ways {
  return new Ways([...connectTo.map(readConnectTo), ...resolve.map(readResolve)]);
}

function readResolve(word: string): Rule {
  const [, host = '', port, address = ''] = /^([^:]+):(?:(\d+):)?(.+)$/.exec(word) ?? [];
  // Without brackets the beginning of an IPv6 address could be a port.
  const isAddress = isIp(address) && (!address.includes(':') || address.startsWith('['));
  if (!isHost(host) || !isPort(port) || !isAddress)
    throw new UsageError(
      `--resolve ${word} is not HOST:ADDRESS or HOST:PORT:ADDRESS`,
      'write for instance --resolve api.ml.example.com:203.0.113.7; the address is an IP address, in brackets where it has colons',
    );
  const plain = withoutBrackets(address);
  return { host: host.toLowerCase(), port: numberOf(port), address: plain, toPort: undefined };
}

function readConnectTo(word: string): Rule {
  const [, host = '', port, address = '', toPort] =
    /^([^:]+):(\d+):(\[.+\]|[^:]+):(\d+)$/.exec(word) ?? [];
  const isTarget = isIp(address) || isHost(address);
  if (!isHost(host) || port === undefined || !isPort(port) || !isPort(toPort) || !isTarget)
    throw new UsageError(
      `--connect-to ${word} is not HOST:PORT:ADDRESS:PORT`,
      'write for instance --connect-to api.ml.example.com:443:127.0.0.1:8443',
    );
  const plain = withoutBrackets(address);
  return {
    host: host.toLowerCase(),
    port: numberOf(port),
    address: plain,
    toPort: numberOf(toPort),
  };
}

function isHost(text: string): boolean {
  return readAddress(text)?.host === text.toLowerCase();
}

function isPort(text: string | undefined): boolean {
  return text === undefined || (Number(text) > 0 && Number(text) < 65536);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
