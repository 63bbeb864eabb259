/** Checks that every certificate has a Secret of its own, unless one wildcard Secret serves all on purpose. */
import { isObject } from '../yaml/json.ts';
import { tlsMode } from './check-tls.ts';
import { itemsAt, repeated } from './partial.ts';
import { type HostPlace, hostPlaces, PUBLIC_ROLES } from './public-hosts.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/** Two hosts in one Secret: cert-manager would write them in turn, over and over. */
function sharedByIssuer(place: HostPlace, earlier: HostPlace): ConfigProblem {
  return {
    code: 'config-conflict',
    path: place.secretPath,
    message: `two hosts have one Secret, ${code(place.secretName)}: ${code(earlier.host)} and ${code(place.host)}`,
    found: quote(place.secretName),
    expected: 'a Secret for each host, because an issuer writes them',
    fix: 'give each its own name; one Secret for all needs `spec.tls.mode: secret`',
  };
}

/** `a-b.example.com` and `a.b-example.com` give one name. */
function sharedByAccident(place: HostPlace, earlier: HostPlace): ConfigProblem {
  return {
    code: 'config-conflict',
    path: place.path,
    message: `the Secret of ${code(place.host)} would get the name that ${code(earlier.host)} has already`,
    found: quote(place.secretName),
    expected: 'a Secret for each host, or names that are written',
    fix: 'write the alias as `{host, secretName}`',
  };
}

function checkShared(config: unknown): ConfigProblem[] {
  const byIssuer = tlsMode(config) !== 'secret';
  const places = PUBLIC_ROLES.flatMap((role) => hostPlaces(config, role));
  return repeated(places, ({ secretName }) => secretName)
    .filter(({ item, earlier }) => earlier.host !== item.host)
    .flatMap(({ item, earlier }) => {
      if (item.secretDerived || earlier.secretDerived) return [sharedByAccident(item, earlier)];
      return byIssuer ? [sharedByIssuer(item, earlier)] : [];
    });
}

function checkUseless(config: unknown, mode: string): ConfigProblem[] {
  return PUBLIC_ROLES.flatMap((role) => itemsAt(config, `spec.hosts.aliases.${role}`))
    .filter((item) => isObject(item.value) && item.value.secretName !== undefined)
    .map((item) => ({
      code: 'config-conflict',
      path: `${item.path}.secretName`,
      message: `a Secret has no meaning with \`spec.tls.mode: ${mode}\``,
      expected: 'the host alone',
      fix: 'remove `secretName`',
    }));
}

/** Problems of the Secrets' names. Silent where the TLS mode is missing or unknown. */
export function checkSecrets(config: unknown): ConfigProblem[] {
  const mode = tlsMode(config);
  if (mode === undefined) return [];
  return mode === 'external' || mode === 'none' ? checkUseless(config, mode) : checkShared(config);
}
