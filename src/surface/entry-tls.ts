/** Whether an entry lacks the TLS that it is meant to have. */
import { isAnnotated } from './issuers.ts';
import type { Entry, ManifestView } from './view.ts';

/**
 * Clients are told to use TLS, and neither the entry nor anything in front of it has any. Where no entry at all has TLS, it probably
 * ends in front of them, unless the config says otherwise or cert-manager is asked for a certificate.
 */
export function lacksTls(entry: Entry, view: ManifestView): boolean {
  if (!view.usesTls || entry.tlsPlace !== 'none') return false;
  const isAlone = view.entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none');
  return isAlone || view.settings !== undefined || isAnnotated(entry.resource);
}
