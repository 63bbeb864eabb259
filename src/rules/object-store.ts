/**
 * `objectStore` → `minio` of every worker and of the controller manager.
 *
 * Source: Michelangelo's `go/base/blobstore/minio`: `awsEndpointUrl` is what minio-go takes, host or host:port in spite of the
 * name.
 */
import { Draft } from '../manifests/edit.ts';
import { printAddress, readAddress } from '../net/addresses.ts';
import { fromDrafts, NOTHING, type Rule } from './rule.ts';

export const objectStore: Rule = ({ settings, surface }) => {
  const store = settings.config.spec.objectStore;
  if (!store) return NOTHING;
  const manager = surface.only('controller-manager');
  const targets = [...surface.workers, ...(manager ? [manager] : [])];
  const drafts = targets.map((target) => {
    const draft = new Draft(target.resource, target.key);
    const written = draft.get(['minio', 'awsEndpointUrl']);
    if (store.region !== undefined)
      draft.set(['minio', 'awsRegion'], store.region, 'spec.objectStore.region');
    if (store.endpoint !== undefined)
      draft.set(
        ['minio', 'awsEndpointUrl'],
        inFormOf(written, store.endpoint),
        'spec.objectStore.endpoint',
      );
    // The key is newer than the others: an older Michelangelo has none, and would not read it.
    if (store.endpoint?.includes('://') && draft.get(['minio', 'secure']) !== undefined)
      draft.set(
        ['minio', 'secure'],
        store.endpoint.startsWith('https:'),
        'spec.objectStore.endpoint',
      );
    if (store.useIam !== undefined)
      draft.set(['minio', 'useIam'], store.useIam, 'spec.objectStore.useIam');
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
