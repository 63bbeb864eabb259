/** Checks of `spec.domain` and `spec.hosts`. */
import { cleanHost, hostFault, isPrivateName } from '../net/host-names.ts';
import { EXPECTED_HOST } from './formats.ts';
import { present, repeated, textAt } from './partial.ts';
import { type HostPlace, hasPageHost, hostPlaces, PUBLIC_ROLES } from './public-hosts.ts';
import { type ConfigProblem, code, either, quote } from './wording.ts';

/** What the domain makes of the derived hosts: `api.` may be four characters too many. */
function checkDerived({ role, host }: HostPlace, domain: string): ConfigProblem | undefined {
  const fault = hostFault(host);
  return (
    fault && {
      code: 'config-host',
      path: 'spec.domain',
      message: `the host \`${role}.<domain>\` that follows from it ${either(fault.reasons, 'and')}`,
      found: quote(domain),
      expected: EXPECTED_HOST,
      fix: 'choose a shorter domain, or name both hosts in `spec.hosts`',
    }
  );
}

function checkPrivate(places: readonly HostPlace[]): ConfigProblem[] {
  // Two derived hosts have one place.
  return [...new Map(places.map((place) => [place.path, place])).values()]
    .filter(({ host }) => isPrivateName(cleanHost(host) ?? host))
    .map(({ path, host }) => ({
      code: 'config-host',
      path,
      message: 'An ACME server cannot prove a name that the public DNS does not have',
      found: quote(host),
      expected: 'a public host name, because `spec.tls.mode` is `acme`',
      fix: 'choose a public domain, or another `spec.tls.mode`, for instance `ca` or `secret`',
    }));
}

const origin = (place: HostPlace) =>
  place.derived ? `\`${place.role}.<domain>\` of \`spec.domain\`` : code(place.path);

function checkDifferent(places: readonly HostPlace[]): ConfigProblem[] {
  return repeated(places, ({ host }) => cleanHost(host) ?? host).map(({ item, earlier }) => {
    // A derived host cannot be changed at its own place: point at the one that is written.
    const [at, other] = item.derived ? [earlier, item] : [item, earlier];
    return {
      code: 'config-conflict',
      path: at.path,
      message: `the same host name stands in two places: ${origin(at)} and ${origin(other)}`,
      found: quote(at.host),
      expected: 'host names that all differ, aliases included',
      fix: 'change or remove one of the two',
    };
  });
}

/** Fields of a page with a host of its own, where it has none. */
function checkPage(config: unknown): ConfigProblem[] {
  if (hasPageHost(config)) return [];
  return ['spec.hosts.aliases.ui', 'spec.tls.secrets.ui']
    .filter((path) => present(config, path))
    .map((path) => ({
      code: 'config-conflict',
      path,
      message: 'the page has the host of the app, and its certificate',
      expected: `${code(path.replace(/ui$/, 'app'))}, or \`spec.hosts.ui\` with another host than that of the app`,
      fix: 'name the host of the page in `spec.hosts.ui`, or remove this field',
    }));
}

/** Problems of the hosts and their aliases beyond the spelling of each. Silent about values that are not strings. */
export function checkHosts(config: unknown): ConfigProblem[] {
  const all = PUBLIC_ROLES.flatMap((role) => hostPlaces(config, role));
  const domain = textAt(config, 'spec.domain');
  const hasDomain = domain !== undefined && hostFault(domain) === undefined;
  const usable = hasDomain ? all : all.filter((place) => !place.derived);
  const derived = usable.find((place) => place.derived);
  return [
    (hasDomain && derived && checkDerived(derived, domain)) || [],
    textAt(config, 'spec.tls.mode') === 'acme' ? checkPrivate(usable) : [],
    checkDifferent(usable),
    checkPage(config),
  ].flat();
}
