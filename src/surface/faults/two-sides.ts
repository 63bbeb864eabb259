/** Where the config of a compute cluster says something else than its control plane does. */
import type { ComputeCluster } from '../../config/compute-clusters.ts';
import type { Settings } from '../../config/settings.ts';
import type { ResourceReference } from '../../errors.ts';
import { addressOfCluster } from '../../manifests/cluster.ts';
import { groupOf, type Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { printAddress } from '../../net/addresses.ts';
import { asRange } from '../../net/cidrs.ts';
import { asText, equalJson, getIn, type Json } from '../../yaml/json.ts';
import { once } from '../once.ts';
import type { OtherOverlay } from '../other-overlay.ts';
import { storesOf } from '../stores.ts';
import type { Surface } from '../surface.ts';
import { variableOf } from '../task-pods.ts';
import type { Fault } from './fault.ts';

/** A compute cluster's side, with its config. */
export type ComputeSide = Surface & { settings: Settings };

/** Another overlay, with its config. */
type ControlPlane = OtherOverlay & { settings: Settings };

/** A control plane beside a compute cluster, and all that is wrong between the two. */
interface TwoSides {
  control: ControlPlane;
  /** Whether the control plane sends jobs to the cluster. */
  isListed: boolean;
  /** In the order of the config's fields. */
  differences: Fault[];
}

/** Whether the config says so; a surface without a config is of neither side. */
export function isComputeSide(surface: Surface): surface is ComputeSide {
  return surface.settings?.role === 'compute';
}

/** The control plane of a cluster: of those that were named with it the one that says most of what it says; undefined where none was. */
export const sidesOf = once((surface): TwoSides | undefined => {
  if (!isComputeSide(surface)) return undefined;
  const side: ComputeSide = surface;
  const [nearest] = side.others
    .filter((other): other is ControlPlane => other.settings?.role === 'control-plane')
    .map((control) => ({
      control,
      isListed: listedIn(control, side.settings),
      differences: differencesOf(side, control),
    }))
    .sort(
      (left, right) =>
        Number(right.isListed) - Number(left.isListed) ||
        left.differences.length - right.differences.length,
    );
  return nearest;
});

function listedIn({ settings, manifests }: ControlPlane, own: Settings): boolean {
  const name = own.config.spec.computeCluster ?? '';
  const isEntry = settings.computeClusters.some((entry) => entry.name === name);
  return isEntry || clustersOf(manifests, name).length > 0;
}

/** `Cluster` resources of a name. */
function clustersOf(manifests: Manifests, name: string): Resource[] {
  return manifests
    .namesakes('Cluster', name)
    .filter((resource) => groupOf(resource) === 'michelangelo.api');
}

/** What is said of a DomainConfig stands there. */
export function configOf({ name }: Settings): ResourceReference {
  return { apiVersion: 'network.michelangelo.api/v1alpha1', kind: 'DomainConfig', name };
}

function differencesOf(side: ComputeSide, control: ControlPlane): Fault[] {
  return [
    ...addressFaults(side.settings, control),
    ...entryPointFaults(side.settings, control),
    ...storeFaults(side, control),
    ...clusterFaults(side.settings, control),
    ...egressFaults(side.settings, control),
  ];
}

/** @param shown - what each side says, in words */
function differs(
  settings: Settings,
  path: string,
  what: string,
  shown: readonly [here: string, there: string],
  control: ControlPlane,
): Fault[] {
  const [here, there] = shown;
  if (here === there) return [];
  const message = `${what} is ${here} here, and ${there} in ${control.name}`;
  return [{ resource: configOf(settings), path, message }];
}

/** Task pods call the address; whether that is TLS follows from the mode. An alias is served until its domain has moved. */
function addressFaults(own: Settings, control: ControlPlane): Fault[] {
  const theirs = control.settings;
  const host = ({ hosts }: Settings) => hosts.api[0].host;
  const isAlias = theirs.hosts.api.some((alias) => alias.host === host(own));
  return [
    ...differs(
      own,
      own.hosts.api[0].from,
      'the host of the API',
      [host(own), host(theirs)],
      control,
    ).map((fault): Fault => (isAlias ? { ...fault, severity: 'warning' } : fault)),
    ...differs(
      own,
      own.config.spec.port ? 'spec.port' : 'spec.domain',
      'the public port',
      [String(own.port), String(theirs.port)],
      control,
    ),
    ...differs(
      own,
      own.config.spec.tls ? 'spec.tls.mode' : 'spec.domain',
      'the scheme of the API',
      [own.scheme, theirs.scheme],
      control,
    ),
  ];
}

/** The public address is the only one that task pods have. */
function entryPointFaults(own: Settings, { name, settings, surface }: ControlPlane): Fault[] {
  const isServed =
    surface.entriesOf('api').length > 0 || settings.entries.api.gateway !== undefined;
  const usesService = [settings.config.spec.taskPods?.apiAddress, settings.apiAddress];
  if (isServed || !usesService.includes('service')) return [];
  const message = `task pods call ${own.publicApiAddress}, and ${name} has no entry for it: its own clients use the API Service`;
  const fix = `let ${name} serve the API to other clusters, by an entry of its own`;
  return [{ resource: configOf(own), path: own.hosts.api[0].from, message, fix }];
}

/** What task pods are told here and there, and what the control plane's programs use. */
function storeFaults(side: ComputeSide, { name, surface }: ControlPlane): Fault[] {
  const [configMap] = side.taskPods;
  const [own] = storesOf(side);
  const [theirs] = storesOf(surface);
  if (!configMap || !own) return [];
  const address = (store: typeof own) =>
    printAddress({ scheme: store.tls ? 'https' : 'http', host: store.host, port: store.port });
  const place = (field: string, variable: string) =>
    getIn(side.settings.config as unknown as Json, ['spec', 'objectStore', field]) === undefined
      ? { resource: configMap, path: `data.${variable}` }
      : { resource: configOf(side.settings), path: `spec.objectStore.${field}` };
  const faults: Fault[] = [];
  if (theirs && address(own) !== address(theirs))
    faults.push({
      ...place('endpoint', 'AWS_ENDPOINT_URL'),
      message: `the object store is ${address(own)} here, and ${address(theirs)} in ${name}`,
    });
  const region = (configMaps: Surface['taskPods']) =>
    configMaps.map((one) => variableOf(one, 'AWS_REGION')).find(Boolean);
  const [here, there] = [region(side.taskPods), region(surface.taskPods)];
  if (here !== undefined && there !== undefined && here !== there)
    faults.push({
      ...place('region', 'AWS_REGION'),
      message: `the region of the object store is ${here} here, and ${there} in ${name}`,
    });
  return faults;
}

/** The entry of the cluster, field by field; then what the control plane is really told, whoever wrote that. */
function clusterFaults(own: Settings, { name, settings, manifests }: ControlPlane): Fault[] {
  const cluster = own.computeCluster;
  if (!cluster) return [];
  const theirs = settings.computeClusters.find((entry) => entry.name === cluster.name);
  const [here, there] = [valuesOf(cluster), theirs && valuesOf(theirs)];
  const differing = Object.keys(here).filter(
    (key) => there && !equalJson(here[key] as Json, there[key] as Json),
  );
  const fault = (key: string, message: string): Fault => ({
    resource: configOf(own),
    path: `${cluster.field}.${key}`,
    message,
  });
  const registered = clustersOf(manifests, cluster.name)
    .map(addressOfCluster)
    .filter((address) => address !== here['server'] && !differing.includes('server'));
  return [
    ...differing.map((key) =>
      fault(
        key,
        `\`${key}\` of cluster ${cluster.name} is ${inWords(here[key])} here, and ${inWords(there?.[key])} in ${name}`,
      ),
    ),
    ...registered.map((address) =>
      fault(
        'server',
        `cluster ${cluster.name} is ${asText(here['server'])} here, and Cluster ${cluster.name} of ${name} leads to ${address}`,
      ),
    ),
  ];
}

function valuesOf({ host, port, cidrs, managed, ...pods }: ComputeCluster): Record<string, Json> {
  return {
    server: `https://${host}:${port}`,
    cidrs: [...cidrs].sort(),
    managed,
    'taskPods.namespaces': [...pods.namespaces].sort(),
    'taskPods.podSelector': pods.podSelector,
  };
}

/** A compute cluster may do without the policy that they are for. */
function egressFaults(own: Settings, control: ControlPlane): Fault[] {
  const ranges = ({ config }: Settings) =>
    (config.spec.controlPlane?.egressCidrs ?? []).map(asRange).sort();
  const [here, there] = [ranges(own), ranges(control.settings)];
  if (here.length === 0 || equalJson(here, there)) return [];
  return [
    {
      resource: configOf(own),
      path: 'spec.controlPlane.egressCidrs',
      message: `the control plane comes from ${inWords(here)} here, and from ${inWords(there)} in ${control.name}`,
    },
  ];
}

function inWords(value: Json | undefined): string {
  if (Array.isArray(value)) return value.length > 0 ? asText(value) : 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
