/** A Certificate of cert-manager, read. Source: cert-manager's "Certificate resource". */
import { getIn, stringAt, strings } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** The hosts that it is for. */
export function dnsNamesOf({ json }: Resource): string[] {
  return strings(getIn(json, ['spec', 'dnsNames']));
}

/** The Secret that it writes; empty where none is named. */
export function secretNameOf({ json }: Resource): string {
  return stringAt(json, ['spec', 'secretName']);
}
