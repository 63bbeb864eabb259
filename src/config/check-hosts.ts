/** Checks of `spec.domain` and `spec.hosts`. */
import {
  cleanHost,
  type HostFault,
  hostFault,
  IS_ADDRESS,
  isPrivateName,
} from '../net/host-names.ts';
import { textAt } from './partial.ts';
import { type HostPlace, hostPlaces, PUBLIC_ROLES } from './public-hosts.ts';
import { type ConfigProblem, code, either, quote } from './wording.ts';

const EXPECTED =
  'lower-case letters, digits, hyphens and dots; at least two labels (or `localhost`) of at most 63 characters, 253 in all';

function mend(fault: HostFault): string {
  const plain = fault.reasons.includes(IS_ADDRESS)
    ? 'Write a name that DNS resolves to this address'
    : 'Write the plain host name';
  const host = fault.suggestion === undefined ? plain : `Write ${code(fault.suggestion)}`;
  const port =
    fault.port === undefined
      ? ''
      : `, and the port, where it is not the usual one, in \`spec.port\``;
  return `${host}${port}`;
}

function faultProblem(path: string, host: string, fault: HostFault): ConfigProblem {
  return {
    code: 'config-host',
    path,
    message: `This is not a host name: it ${either(fault.reasons, 'and')}`,
    found: quote(host),
    expected: EXPECTED,
    mend: mend(fault),
  };
}

/** The domain once, then what the domain makes of the derived hosts: `api.` may be four characters too many. */
function checkDomain(config: unknown, derived: HostPlace | undefined): ConfigProblem[] {
  const domain = textAt(config, 'spec.domain');
  if (domain === undefined) return [];
  const fault = hostFault(domain);
  if (fault) return [faultProblem('spec.domain', domain, fault)];
  const longer = derived && hostFault(derived.host);
  if (!longer) return [];
  return [
    {
      code: 'config-host',
      path: 'spec.domain',
      message: `The host \`${derived.role}.<domain>\` that follows from it ${either(longer.reasons, 'and')}`,
      found: quote(domain),
      expected: EXPECTED,
      mend: 'Choose a shorter domain, or name both hosts in `spec.hosts`',
    },
  ];
}

function checkPrivate(places: readonly HostPlace[]): ConfigProblem[] {
  const paths = new Map(places.map((place) => [place.path, place]));
  return [...paths.values()]
    .filter(({ host }) => isPrivateName(cleanHost(host) ?? host))
    .map(({ path, host }) => ({
      code: 'config-host',
      path,
      message: 'An ACME server cannot prove a name that the public DNS does not have',
      found: quote(host),
      expected: 'a public host name, because `spec.tls.mode` is `acme`',
      mend: 'Choose a public domain, or another `spec.tls.mode`, for instance `ca` or `secret`',
    }));
}

const origin = (place: HostPlace) =>
  place.derived ? `\`${place.role}.<domain>\` of \`spec.domain\`` : code(place.path);

function checkDifferent(places: readonly HostPlace[]): ConfigProblem[] {
  const first = new Map<string, HostPlace>();
  return places.flatMap((place): ConfigProblem[] => {
    const host = cleanHost(place.host) ?? place.host;
    const earlier = first.get(host);
    if (earlier === undefined) {
      first.set(host, place);
      return [];
    }
    // A derived host cannot be changed at its own place: point at the one that is written.
    const [at, other] = place.derived ? [earlier, place] : [place, earlier];
    return [
      {
        code: 'config-conflict',
        path: at.path,
        message: `The same host name stands in two places: ${origin(at)} and ${origin(other)}`,
        found: quote(at.host),
        expected: 'host names that all differ, aliases included',
        mend: 'Change or remove one of the two',
      },
    ];
  });
}

/** Problems of the domain, the two hosts and their aliases. Silent about values that are no text. */
export function checkHosts(config: unknown): ConfigProblem[] {
  const all = PUBLIC_ROLES.flatMap((role) => hostPlaces(config, role));
  const domain = textAt(config, 'spec.domain');
  const domainIsGood = domain !== undefined && hostFault(domain) === undefined;
  const written = all.filter((place) => !place.derived);
  const faults = written.flatMap(({ path, host }) => {
    const fault = hostFault(host);
    return fault ? [faultProblem(path, host, fault)] : [];
  });
  const usable = domainIsGood ? all : written;
  return [
    ...checkDomain(
      config,
      all.find((place) => place.derived),
    ),
    ...faults,
    ...(textAt(config, 'spec.tls.mode') === 'acme' ? checkPrivate(usable) : []),
    ...checkDifferent(usable),
  ];
}
