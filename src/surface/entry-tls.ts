/** Whether an entry lacks the TLS that it is meant to have. */
import { usesTls } from './addresses.ts';
import { entriesAt } from './entries-at.ts';
import type { Entry } from './entry.ts';
import { isAnnotated } from './issuers.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/**
 * Clients are told to use TLS, and neither the entry nor anything in front of it has any. Where no entry at all has TLS, it probably
 * ends in front of them, unless the config says otherwise or cert-manager is asked for a certificate.
 */
export function lacksTls(entry: Entry, surface: Surface): boolean {
  if (!usesTls(surface) || entry.tlsPlace !== 'none' || sharesTls(entry, surface)) return false;
  return othersHaveTls(surface) || surface.settings !== undefined || isAnnotated(entry.resource);
}

/**
 * To ingress-nginx all Ingresses of a host are one server, which has the TLS of any of them. Source: ingress-nginx, "NGINX configuration: building
 * the model".
 */
export function sharesTls({ controllers, hosts, className }: Entry, surface: Surface): boolean {
  return (
    controllers.includes('ingress-nginx') &&
    hosts.length > 0 &&
    hosts.every((host) =>
      entriesAt(host, surface).some(
        (other) =>
          other.form === 'ingress' && other.tlsPlace === 'entry' && other.className === className,
      ),
    )
  );
}

const othersHaveTls = once(({ entries }) =>
  entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none'),
);
