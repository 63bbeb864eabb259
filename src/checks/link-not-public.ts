/** Whether people can open what notifications and the page link to. */
import { isLoopback, isTemplated, isUnspecified } from '../net/addresses.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { parseUrl } from '../net/url.ts';
import { apiConfigsOf } from '../surface/api-config.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { linksOf } from '../surface/links.ts';
import { jsonOf } from '../surface/parts.ts';
import { publicSide } from '../surface/public-side.ts';
import { stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'warning',
  title: 'A link that leads to a machine of its own',
  why: 'Notifications and the page show links to the page, to executions and to logs. `localhost` is the machine of whoever opens it, and names inside the cluster resolve nowhere else.',
  fix: 'write the public URL, with its `{{.Field}}` as before; `spec.links` has a field for each',
  find: (surface) => {
    const hosts = publicSide(surface, 'ui', 'envoy')?.hosts ?? publicSide(surface, 'api')?.hosts;
    if (!hosts || hosts.every(isLocal)) return [];
    const issuers = apiConfigsOf(
      surface.apiServices.flatMap((service) => surface.podsOf(service)),
      surface,
    ).flatMap((target) => {
      const text = stringAt(jsonOf(target), ISSUER);
      const host = parseUrl(text)?.hostname ?? '';
      if (!isLocal(host)) return [];
      return [
        inDocument(target, ISSUER, {
          message: `the issuer is looked for on ${host}, which is the pod of the API server itself: it ends at start, and no browser reaches the login`,
          fix: 'write the URL of the identity provider, as browsers and the API server reach it',
        }),
      ];
    });
    return issuers.concat(
      linksOf(surface.clients).flatMap(({ target, path, text }) => {
        const host = parseUrl(text)?.hostname ?? '';
        if (host === '' || isTemplated(host) || !(isLocal(host) || isInside(host))) return [];
        return [inDocument(target, path, { message: `a link leads to ${host}` })];
      }),
    );
  },
};

const ISSUER = ['apiserver', 'auth', 'oidc', 'issuerUrl'];

function isLocal(host: string): boolean {
  return isLoopback(host) || isUnspecified(host) || host.endsWith('.localhost');
}

/** A Service, by its short name or in full. */
function isInside(host: string): boolean {
  return !host.includes('.') || (parseServiceAddress(host)?.zone.length ?? 0) > 0;
}
