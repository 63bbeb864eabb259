/** Addresses of servers: `host:port`, and URLs without a path. */
import { type Address, printAddress, readAddress, splitAddress } from '../net/addresses.ts';
import { isReachableHost } from '../net/host-names.ts';
import { textAt } from './partial.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/**
 * Takes `host:port`, `http(s)://host` and `http(s)://host:port`, a URL with a trailing slash or not, if they are spelled as we
 * would spell them; else undefined.
 */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text);
  if (!address || printAddress(address) + address.path !== text) return undefined;
  const { scheme, host, port, path } = address;
  if (!isReachableHost(host) || port === 0 || (port ?? 0) > 65535) return undefined;
  const isGood =
    scheme === undefined
      ? port !== undefined && path === ''
      : ['http', 'https'].includes(scheme) && ['', '/'].includes(path);
  return isGood ? address : undefined;
}

type Form = 'host:port' | 'URL or host:port';

const forms: Record<Form, { expected: string; accepts: (address: Address) => boolean }> = {
  'host:port': {
    expected: '`host:port` without a scheme, the host in lower case',
    accepts: (address) => address.scheme === undefined,
  },
  'URL or host:port': {
    expected: 'an http or https URL without a path, or `host:port`, the host in lower case',
    accepts: () => true,
  },
};

/** The nearest spelling of the form: case, scheme and path are what people get wrong. */
function clean(text: string, form: Form): string | undefined {
  const { scheme, host, port } = splitAddress(text.toLowerCase());
  const rest = port === undefined ? host : `${host}:${port}`;
  const isUrl = form !== 'host:port' && scheme !== undefined;
  const candidate = isUrl ? `${scheme}://${rest}` : rest;
  return isAddress(candidate, form) ? candidate : undefined;
}

function isAddress(text: string, form: Form): boolean {
  const address = parseAddress(text);
  return address !== undefined && forms[form].accepts(address);
}

/** The problem of a text that should be an address of a form, or none. */
function checkAddress(path: string, text: string | undefined, form: Form): ConfigProblem[] {
  if (text === undefined || isAddress(text, form)) return [];
  const suggestion = clean(text, form);
  return [
    {
      code: 'config-value',
      path,
      message: `${code(path)} is not an address that can be used here`,
      found: quote(text),
      expected: forms[form].expected,
      mend: suggestion
        ? `Write ${code(suggestion)}`
        : 'Write the host and the port, as in the example of the reference',
    },
  ];
}

/** Problems of the addresses of the workflow engine, the object store and Envoy's upstream. */
export function checkAddresses(config: unknown): ConfigProblem[] {
  const at = (path: string, form: Form) => checkAddress(path, textAt(config, path), form);
  const upstream = textAt(config, 'spec.envoy.upstream.host');
  const upstreamIsGood = upstream === undefined || isReachableHost(upstream);
  return [
    ...at('spec.workflowEngine.host', 'host:port'),
    ...at('spec.objectStore.endpoint', 'URL or host:port'),
    ...(upstreamIsGood ? [] : [upstreamProblem(upstream)]),
  ];
}

function upstreamProblem(found: string): ConfigProblem {
  const path = 'spec.envoy.upstream.host';
  const plain = splitAddress(found.toLowerCase()).host;
  return {
    code: 'config-host',
    path,
    message: 'This is not a host name, a Service name or an IP address',
    found: quote(found),
    expected: 'a name in lower case or an IP address, without scheme, port and path',
    mend: isReachableHost(plain)
      ? `Write ${code(plain)}; the port stands in \`spec.envoy.upstream.port\``
      : 'Write the name alone',
  };
}
