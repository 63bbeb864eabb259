/** Checks of `spec.tls.acme.solver` where it is a map: cert-manager refuses an issuer whose solver has no method. */
import { isObject, type JsonObject, objectAt } from '../yaml/json.ts';
import { mapAt } from './partial.ts';
import { type ConfigProblem, code, either, nearest, quote } from './wording.ts';

/** Source: cert-manager's API reference, `ACMEChallengeSolverDNS01`: one of these, and `cnameStrategy`. */
const PROVIDERS: readonly string[] = [
  'acmeDNS',
  'akamai',
  'azureDNS',
  'cloudDNS',
  'cloudflare',
  'digitalocean',
  'rfc2136',
  'route53',
  'webhook',
];

/** Source: cert-manager's API reference, `ACMEChallengeSolverHTTP01`. */
const HTTP01_WAYS: readonly string[] = ['ingress', 'gatewayHTTPRoute'];

const PATH = 'spec.tls.acme.solver';

/** The keys of a list that stand in a map with a map of their own. */
function mapsIn(map: JsonObject, keys: readonly string[]): string[] {
  return keys.filter((key) => mapAt(map, key) !== undefined);
}

/** What keeps cert-manager from solving a challenge with it; undefined where nothing is known to. */
function fault(solver: JsonObject): Pick<ConfigProblem, 'message' | 'fix' | 'path'> | undefined {
  const { http01, dns01 } = solver;
  if (http01 !== undefined && dns01 !== undefined)
    return {
      path: PATH,
      message: `${code(PATH)} has both \`http01\` and \`dns01\`: cert-manager takes one for each solver`,
      fix: 'remove one of the two',
    };
  if (http01 !== undefined) {
    if (isObject(http01) && mapsIn(http01, HTTP01_WAYS).length === 1) return undefined;
    return {
      path: `${PATH}.http01`,
      message: `${code(`${PATH}.http01`)} does not say how the challenge comes in`,
      fix: `write the word instead of the map, \`solver: http01\`: what comes in through the entry follows from it`,
    };
  }
  const path = dns01 === undefined ? PATH : `${PATH}.dns01`;
  return providerFault(path, dns01 === undefined ? solver : objectAt(dns01, []));
}

function providerFault(path: string, map: JsonObject): ReturnType<typeof fault> {
  const found = mapsIn(map, PROVIDERS);
  if (path === PATH && Object.hasOwn(map, 'selector') && found.length > 0)
    return {
      path,
      message: `${code(path)} has a provider beside \`selector\`, where \`dns01\` belongs`,
      fix: `put ${either(found.map(code), 'and')} below \`dns01\``,
    };
  if (found.length === 1) return undefined;
  if (found.length > 1)
    return {
      path,
      message: `${code(path)} has several providers, and cert-manager takes one: ${found.map(code).join(', ')}`,
      fix: 'keep one of them',
    };
  const empty = PROVIDERS.find((provider) => Object.hasOwn(map, provider));
  const [misspelt = '', near] =
    Object.keys(map)
      .map((key) => [key, nearest(key, PROVIDERS)])
      .find(([, candidate]) => candidate !== undefined) ?? [];
  const fix = near
    ? `write ${code(near)} instead of ${code(misspelt)}`
    : `add one of ${either(PROVIDERS.map(code))}, or write \`solver: http01\``;
  return {
    path,
    message: `${code(path)} names no DNS provider: no challenge could be solved`,
    fix: empty ? `write a map at ${code(empty)}, as cert-manager documents it` : fix,
  };
}

/** A problem where the map could never solve a challenge. Silent about words, and about what the schema refuses. */
export function checkSolver(config: unknown): ConfigProblem[] {
  const solver = mapAt(config, PATH);
  const found = solver && fault(solver);
  if (solver === undefined || found === undefined) return [];
  return [
    {
      code: 'config-value',
      ...found,
      found: quote(found.path === PATH ? solver : solver[found.path.slice(PATH.length + 1)]),
      expected:
        '`http01`, a map `{dns01: {<provider>: …}}` with or without `selector`, or the map of the provider alone',
    },
  ];
}
