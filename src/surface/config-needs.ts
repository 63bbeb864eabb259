/** The peers that configs name: API server, workflow engine, object store, compute clusters. */

import type { Resource } from '../manifests/resource.ts';
import { isTemplated, readAddress } from '../net/addresses.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { getIn, type Json } from '../yaml/json.ts';
import { type Need, needsOfService } from './need.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Where a config names a peer, and what that peer is. */
const PLACES: readonly { path: readonly string[]; name: string }[] = [
  { path: ['worker', 'address'], name: 'the API server' },
  { path: ['workflow-engine', 'host'], name: 'the workflow engine' },
  { path: ['workflowClient', 'host'], name: 'the workflow engine' },
  { path: ['minio', 'awsEndpointUrl'], name: 'the object store' },
];

export function configNeeds(view: Surface): Need[] {
  const named = [...view.workers, ...view.controllerManagers].flatMap((target) =>
    view
      .mounting([target])
      .flatMap((source) => PLACES.flatMap((place) => needAt(view, source, target, place))),
  );
  return [...named, ...clusterNeeds(view)];
}

function needAt(
  view: Surface,
  source: Resource,
  target: DocumentTarget,
  { path, name }: (typeof PLACES)[number],
): Need[] {
  const json = jsonOf(target);
  const address = readEndpoint(getIn(json, path), getIn(json, ['minio', 'secure']));
  if (!address) return [];
  const { host, port } = address;
  const parsed = parseServiceAddress(host);
  const service =
    parsed && view.manifests.named('Service', parsed.name, parsed.namespace ?? source.namespace);
  if (service) return needsOfService(view, source, service, port);
  return [
    {
      source,
      target: undefined,
      targetName: `${name} (${host})`,
      ports: [{ protocol: 'TCP', number: port, names: [] }],
      outside: parsed ? { namespace: parsed.namespace ?? source.namespace } : {},
    },
  ];
}

/** `host:port`, or a URL; where no port is named, that of its scheme. */
function readEndpoint(
  written: Json | undefined,
  secure: Json | undefined,
): { host: string; port: number } | undefined {
  if (typeof written !== 'string' || isTemplated(written)) return undefined;
  const address = readAddress(written);
  if (!address) return undefined;
  const { scheme, host, port } = address;
  const isPlain = scheme === 'http' || (scheme === undefined && secure === false);
  return { host, port: port ?? (isPlain ? 80 : 443) };
}

/** From the controller manager to each compute cluster, on the port of its Kubernetes API. */
function clusterNeeds(view: Surface): Need[] {
  const clusters = view.settings?.config.spec.computeClusters ?? [];
  return view.mounting(view.controllerManagers).flatMap((source) =>
    clusters.flatMap(({ name, server, cidrs = [] }) => {
      const number = readAddress(server)?.port ?? 443;
      const ranges: { cidr?: string }[] = cidrs.length > 0 ? cidrs.map((cidr) => ({ cidr })) : [{}];
      return ranges.map(
        (range): Need => ({
          source,
          target: undefined,
          targetName: `compute cluster ${name}${range.cidr ? ` (${range.cidr})` : ''}`,
          ports: [{ protocol: 'TCP', number, names: [] }],
          outside: { isAddress: true, ...range },
        }),
      );
    }),
  );
}
