/** Whether an entry lacks the TLS that it is meant to have. */
import { usesTls } from './addresses.ts';
import type { Entry } from './entry.ts';
import { isAnnotated } from './issuers.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/**
 * Clients are told to use TLS, and neither the entry nor anything in front of it has any. Where no entry at all has TLS, it probably
 * ends in front of them, unless the config says otherwise or cert-manager is asked for a certificate.
 */
export function lacksTls(entry: Entry, surface: Surface): boolean {
  if (!usesTls(surface) || entry.tlsPlace !== 'none') return false;
  return othersHaveTls(surface) || surface.settings !== undefined || isAnnotated(entry.resource);
}

const othersHaveTls = once(({ entries }) =>
  entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none'),
);
