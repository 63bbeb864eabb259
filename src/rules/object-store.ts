/**
 * `objectStore` → `minio` of every worker, of the controller manager, and of any other document that has it; and the store that the
 * controller manager's jobs keep their logs in, where the base has that.
 *
 * Source: Michelangelo's `go/base/blobstore/minio`: `awsEndpointUrl` is what minio-go takes, host or host:port in spite of the
 * name, and a URL stops the program at start; without `secure` it speaks plain HTTP.
 */
import type { DomainConfig } from '../config/generated/domain-config.ts';
import { Draft } from '../manifests/edit.ts';
import { type Address, printAddress, readAddress } from '../net/addresses.ts';
import { LOGS } from '../surface/stores.ts';
import { asText, isObject } from '../yaml/json.ts';
import { fromDrafts, type Given, NOTHING, type Rule, writeGiven } from './rule.ts';

const FIELD = 'spec.objectStore';

type Store = NonNullable<DomainConfig['spec']['objectStore']>;

export const objectStore: Rule = ({ settings, surface }) => {
  const store = settings.config.spec.objectStore;
  if (!store) return NOTHING;
  const roles = [...surface.workers, ...surface.controllerManagers];
  const drafts = surface.clients.map((target) => {
    const draft = new Draft(target.resource, target.key);
    if (roles.includes(target) || isObject(draft.get(['minio'])))
      writeGiven(draft, 'minio', forPrograms(store), FIELD);
    if (isObject(draft.get(LOGS))) writeLogs(draft, store);
    return draft;
  });
  return fromDrafts(drafts);
};

function forPrograms({ region, endpoint, useIam }: Store): Given {
  const address = addressOf(endpoint);
  const hostAndPort = address && printAddress({ ...address, scheme: undefined });
  return [
    [['awsRegion'], region, 'region'],
    [['awsEndpointUrl'], hostAndPort, 'endpoint'],
    [['secure'], isSecure(address), 'endpoint'],
    [['useIam'], useIam, 'useIam'],
  ];
}

function writeLogs(draft: Draft, { region, endpoint }: Store): void {
  const address = addressOf(endpoint);
  const written = readAddress(asText(draft.get([...LOGS, 'storageEndpoint']) ?? ''))?.scheme;
  const scheme = written === undefined ? undefined : (address?.scheme ?? written);
  const secure = isSecure(address);
  const values: Given = [
    [['region'], region, 'region'],
    [['storageEndpoint'], address && printAddress({ ...address, scheme }), 'endpoint'],
    [['s3DisableSSL'], secure === undefined ? undefined : !secure, 'endpoint'],
  ];
  for (const [path, value, rest] of values)
    if (value !== undefined) draft.set([...LOGS, ...path], value, `${FIELD}.${rest}`);
}

function addressOf(endpoint: string | undefined): Address | undefined {
  return endpoint === undefined ? undefined : readAddress(endpoint);
}

/** Undefined where the config does not say. */
function isSecure(address: Address | undefined): boolean | undefined {
  return address?.scheme === undefined ? undefined : address.scheme === 'https';
}
