/** Hosts that were never set, and hosts of another environment. */

import { foreignOwner } from '../surface/foreign-hosts.ts';
import { placeholderPlaces } from '../surface/placeholders.ts';
import { getIn } from '../yaml/json.ts';
import { carriedHosts } from './hosts/carried.ts';
import { finding, type Search } from './shared/catalogue.ts';

/** Written by `kubectl apply`: what was there before. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const placeholders: Search = ({ resources }) =>
  resources.all.flatMap((resource) =>
    placeholderPlaces(resource)
      .filter(({ path }) => !path.includes(LAST_APPLIED))
      .map(({ path, placeholder }) =>
        finding('placeholder-host', {
          resource,
          path,
          message: `\`${placeholder}\` stands where a host belongs`,
        }),
      ),
  );

const foreign: Search = (view) =>
  carriedHosts(view).flatMap(({ resource, path, host }) => {
    const owner = foreignOwner(view, host);
    if (owner === undefined) return [];
    return [
      finding('foreign-host', {
        resource,
        path,
        message: `${host} is a host of ${owner.name}`,
        mend: mendFor(view.settings && getIn(view.settings.config, ['metadata', 'name'])),
      }),
    ];
  });

function mendFor(name: unknown): string | undefined {
  return typeof name === 'string' ? `write the host of ${name} itself` : undefined;
}

export const HOST_CHECKS: readonly Search[] = [placeholders, foreign];
