import { foreignOwner } from '../surface/other-overlay.ts';
import type { Check } from './check.ts';
import { carriedHosts } from './shared/carried-hosts.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A host of another environment',
  why: 'A field that carries hosts names one that belongs to an overlay checked together with this one: requests go to the other environment.',
  fix: "write this environment's own host",
  find: (surface) =>
    carriedHosts(surface).flatMap(({ resource, path, host }) => {
      const owner = foreignOwner(surface, host);
      if (owner === undefined) return [];
      const fix = surface.settings && `write the host of ${surface.settings.name} itself`;
      return [{ resource, path, message: `${host} is a host of ${owner.name}`, fix }];
    }),
};
