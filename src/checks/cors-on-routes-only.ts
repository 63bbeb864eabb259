import { apiVirtualHosts } from '../surface/envoy-api.ts';
import { inDocument } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'CORS only on routes',
  why: "What no route with a policy answers has no CORS headers: redirects, direct responses and the virtual host's own errors. The browser reports each of them as a CORS error.",
  mend: 'move the policy to the virtual host, in `typed_per_filter_config["envoy.filters.http.cors"]`',
  find: (surface) =>
    apiVirtualHosts(surface)
      .map((host) => ({ ...host, policies: host.policies.filter(({ isOn }) => isOn) }))
      .filter(({ hasOwn, policies }) => !hasOwn && policies.length > 0)
      .map(({ target, host, policies }) =>
        inDocument(target, host.path, {
          message: `virtual host ${String(host.value['name'])} has no CORS policy of its own, ${policies.length === 1 ? 'one of its routes has' : `${policies.length} of its routes have`}`,
        }),
      ),
};
