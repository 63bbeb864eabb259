/** The commands with which a person repeats a line, made of the usual programs. */
import { shellWord } from '../../foreign-text.ts';
import { type PublicHost, urlOf } from './targets.ts';
import type { Ways } from './ways.ts';

/** What the command line says of the network, which each command has to say too. */
export interface Network {
  ways: Ways;
  /** A file with authorities that are trusted beside the public ones. */
  caFile: string | undefined;
}

/** Words as a shell reads them. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** Asks DNS for the addresses of a host. */
export function digCommand(host: string): string {
  return `dig +short ${shellWord(host)}`;
}

/** @param more - further words of `openssl s_client`, and what its output is given to */
export function opensslCommand(
  { host, port }: PublicHost,
  { ways, caFile }: Network,
  more: readonly string[] = [],
  then = '',
): string {
  const way = ways.to(host, port) ?? { address: host, port };
  const address = way.address.includes(':') ? `[${way.address}]` : way.address;
  const ca = caFile === undefined ? [] : ['-CAfile', caFile];
  const words = ['-connect', `${address}:${way.port}`, '-servername', host, ...ca, ...more];
  return `openssl s_client ${shellWords(words)} </dev/null${then}`;
}

/** One request; GET where no method is given. */
export interface CurlCall {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** A command whose output is sent. */
  bodyFrom?: string;
}

/** The same request with curl, over the same way and trusting the same authorities. */
export function curlCommand(target: PublicHost, network: Network, call: CurlCall): string {
  const { method, path, headers = {}, bodyFrom } = call;
  const { ways, caFile } = network;
  const words = [
    'curl',
    '-si',
    ...(method === undefined ? [] : ['-X', method]),
    ...ways.curlWords(target.host, target.port),
    ...(caFile === undefined || target.scheme === 'http' ? [] : ['--cacert', caFile]),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(bodyFrom === undefined ? [] : ['--data-binary', '@-']),
    urlOf(target, path),
  ];
  return `${bodyFrom === undefined ? '' : `${bodyFrom} | `}${shellWords(words)}`;
}

/** Asks for the services that the server has. */
export function grpcurlCommand({ host, port, scheme }: PublicHost, network: Network): string {
  const { ways, caFile } = network;
  const way = ways.to(host, port);
  const address = way?.address.includes(':') ? `[${way.address}]` : way?.address;
  const words = [
    ...(scheme === 'http' ? ['-plaintext'] : []),
    ...(caFile === undefined || scheme === 'http' ? [] : ['-cacert', caFile]),
    ...(way ? ['-authority', host, `${address}:${way.port}`] : [`${host}:${port}`]),
    'list',
  ];
  return `grpcurl ${shellWords(words)}`;
}
