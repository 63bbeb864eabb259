/** Whether configs name hosts of another environment of the same domain, which is not among these manifests. */
import { containersOf, podTemplatePath } from '../manifests/workload.ts';
import { hostOfAddress, hostOfUrl } from '../net/addresses.ts';
import { isPublicHost } from '../net/host-names.ts';
import { programsOf } from '../surface/configs.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { isExplained } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, leavesOf, list, objectAt, stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

/** Words for environments, as people put them into host names. */
const ENVIRONMENTS =
  /^(?:dev|development|test|testing|qa|uat|stage|staging|stg|preprod|pre|prod|production|sandbox|demo|preview)\d*$/i;

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'warning',
  title: 'A host that looks like one of another environment',
  why: 'Its name is of the same domain as the public hosts, and says another environment than they do: after a copy, programs and people are led there. Where one store or one engine serves several environments, it is right.',
  fix: 'write the host of this environment, or accept it with a reason where environments share it',
  find: (surface) => {
    const own = surface.entries
      .filter(({ roles }) => roles.size > 0)
      .flatMap(({ hosts }) => hosts)
      .map((host) => host.toLowerCase().replace(/^\*\./, ''));
    const said = new Set(own.flatMap(environmentsIn));
    const isStrange = (host: string) =>
      isPublicHost(host) &&
      own.some((one) => domainOf(one) === domainOf(host)) &&
      !own.includes(host) &&
      !isExplained(surface, host) &&
      environmentsIn(host).some((word) => !said.has(word));
    return placesOf(surface)
      .filter(({ host }) => isStrange(host))
      .map(({ host, place }) =>
        place(
          `${host} says ${environmentsIn(host).join(' and ')}, and ${own[0]} ${said.size > 0 ? `says ${[...said].join(' and ')}` : 'does not'}`,
        ),
      );
  },
};

function environmentsIn(host: string): string[] {
  return host
    .toLowerCase()
    .split(/[-.]/)
    .filter((word) => ENVIRONMENTS.test(word));
}

/** The last two labels: enough to tell a company's own hosts. */
function domainOf(host: string): string {
  return host.split('.').slice(-2).join('.');
}

interface Place {
  host: string;
  place: (message: string) => Fault;
}

/** Hosts in the documents of programs, in what task pods read, and in variables of the pods. */
function placesOf(surface: Surface): Place[] {
  const { clients, taskPods } = surface;
  const found = (text: string, place: Place['place']): Place[] => {
    const host = (hostOfUrl(text) ?? hostOfAddress(text))?.toLowerCase();
    return host ? [{ host, place }] : [];
  };
  return [
    ...clients.flatMap((target) =>
      leavesOf(jsonOf(target)).flatMap(({ path, value }) =>
        found(value, (message) => inDocument(target, path, { message })),
      ),
    ),
    ...taskPods.flatMap((resource) =>
      Object.keys(objectAt(resource.json, ['data'])).flatMap((key) =>
        found(stringAt(resource.json, ['data', key]), (message) => ({
          resource,
          path: `data.${key}`,
          message,
        })),
      ),
    ),
    ...programsOf(surface).flatMap((resource) =>
      containersOf(resource).flatMap((container, index) =>
        list(getIn(container, ['env'])).flatMap((variable, position) => {
          const at = ['spec', 'containers', index, 'env', position, 'value'];
          const path = toPath([...podTemplatePath(resource), ...at]);
          return found(stringAt(variable, ['value']), (message) => ({ resource, path, message }));
        }),
      ),
    ),
  ];
}
