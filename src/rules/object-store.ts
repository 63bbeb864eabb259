/**
 * `objectStore` → `minio` of every worker and of the controller manager.
 *
 * Source: Michelangelo's `go/base/blobstore/minio`: `awsEndpointUrl` is what minio-go takes, host or host:port in spite of the
 * name.
 */
import { Draft } from '../manifests/edit.ts';
import { printAddress, readAddress } from '../net/addresses.ts';
import { fromDrafts, type Given, NOTHING, type Rule, writeGiven } from './rule.ts';

export const objectStore: Rule = ({ settings, surface }) => {
  const store = settings.config.spec.objectStore;
  if (!store) return NOTHING;
  const { region, endpoint, useIam } = store;
  const manager = surface.only('controller-manager');
  const targets = [...surface.workers, ...(manager ? [manager] : [])];
  const drafts = targets.map((target) => {
    const draft = new Draft(target.resource, target.key);
    const written = draft.get(['minio', 'awsEndpointUrl']);
    // The key is newer than the others: an older Michelangelo has none, and would not read it.
    const isSaid = endpoint?.includes('://') && draft.get(['minio', 'secure']) !== undefined;
    const values: Given = [
      [['awsRegion'], region, 'region'],
      [['awsEndpointUrl'], endpoint && inFormOf(written, endpoint), 'endpoint'],
      [['secure'], isSaid ? endpoint?.startsWith('https:') : undefined, 'endpoint'],
      [['useIam'], useIam, 'useIam'],
    ];
    writeGiven(draft, 'minio', values, 'spec.objectStore');
    return draft;
  });
  return fromDrafts(drafts);
};

/** The endpoint as a URL where a URL stands now, else as host or host:port. */
function inFormOf(written: unknown, endpoint: string): string {
  const address = readAddress(endpoint);
  if (!address) return endpoint;
  const old = typeof written === 'string' ? readAddress(written)?.scheme : undefined;
  const isUrl = old === 'http' || old === 'https';
  return printAddress({ ...address, scheme: isUrl ? (address.scheme ?? old) : undefined });
}
