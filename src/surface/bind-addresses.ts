/**
 * Where programs listen, and which ports of their pods are asked.
 *
 * Source: Michelangelo's `go/controllermgr/module.go` (the addresses are handed to Go's `net.Listen` as they are) and
 * `go/cmd/apiserver/yarpc.go`.
 */
import { pathsOfKey } from '../manifests/mounted-files.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, containerPortsOf, containersMounting } from '../manifests/workload.ts';
import { isTemplated } from '../net/addresses.ts';
import { asNumber, asText, getIn, isObject, type JsonObject, list } from '../yaml/json.ts';
import { apiConfigsOf } from './api-config.ts';
import { once } from './once.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** An address that a program listens on. */
export interface BindAddress {
  target: DocumentTarget;
  /** Where it stands in the document. */
  path: readonly string[];
  /** What it is for. */
  use: 'metrics' | 'health' | 'calls';
  /** As the program is given it; undefined where it is filled in at the start. */
  written: string | undefined;
  /** Undefined where the text is not an address. */
  host: string | undefined;
  port: number | undefined;
  /** The workloads that read it. */
  pods: readonly Resource[];
}

/** Source: controller-runtime, `DefaultBindAddress`. */
const DEFAULT_METRICS = ':8080';

/** Those that are switched off aside. */
export const bindAddresses = once((surface) => [
  ...managerAddresses(surface),
  ...apiAddresses(surface),
]);

function managerAddresses(surface: Surface): BindAddress[] {
  return surface.controllerManagers.flatMap((target) =>
    (['metrics', 'health'] as const).flatMap((use) => {
      const key = use === 'metrics' ? 'metricsBindAddress' : 'healthProbeBindAddress';
      const path = ['controllermgr', key];
      // Source: controller-runtime, `pkg/metrics/server` and `manager.Options`: "0" switches a server off, and without an address there are
      // metrics on a port of their own, and no health.
      const given = asText(getIn(jsonOf(target), path) ?? '');
      const value = given || (use === 'metrics' ? DEFAULT_METRICS : '0');
      if (value === '0') return [];
      return [{ target, path, use, ...read(value), pods: surface.mounting([target]) }];
    }),
  );
}

function apiAddresses(surface: Surface): BindAddress[] {
  const pods = [...new Set(surface.apiServices.flatMap((service) => surface.podsOf(service)))];
  return pods.flatMap((pod) =>
    apiConfigsOf([pod], surface).flatMap((target): BindAddress[] => {
      const yarpc = getIn(jsonOf(target), ['apiserver', 'yarpc']);
      if (!isObject(yarpc) || yarpc['port'] === undefined) return [];
      const path = ['apiserver', 'yarpc', 'port'];
      const written = `${asText(yarpc['host'] ?? '')}:${asText(yarpc['port'])}`;
      return [{ target, path, use: 'calls', ...read(written), pods: [pod] }];
    }),
  );
}

function read(text: string): Pick<BindAddress, 'written' | 'host' | 'port'> {
  if (isTemplated(text)) return { written: undefined, host: undefined, port: undefined };
  const [, host, port] = /^(\[[^\]]*\]|[^:/]*):(\d{1,5})$/.exec(text) ?? [];
  return { written: text, host, port: port === undefined ? undefined : Number(port) };
}

/** The containers of a pod that mount a document: not those that have other keys of its ConfigMap alone; every one where the volume cannot be told. */
export function containersWith(target: DocumentTarget, pod: Resource): JsonObject[] {
  const { resource, key } = target;
  const found = containersMounting(pod, resource.names);
  const having = found.filter((one) => pathsOfKey(resource, key, one, pod).length > 0);
  if (having.length > 0) return having;
  return found.length > 0 ? found : allContainersOf(pod);
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
const MEANS = ['httpGet', 'tcpSocket', 'grpc'] as const;

/** A probe that asks a port. */
export interface Probe {
  name: (typeof PROBES)[number];
  means: (typeof MEANS)[number];
  /** A number, or the name of a port of the same container. */
  written: string;
  /** Undefined for the name of a port that the container does not have. */
  port: number | undefined;
  path: string;
  scheme: 'http' | 'https';
  /** The host that the kubelet names; undefined where that is the address of the pod. */
  host: string | undefined;
}

/** The probes of a container that the kubelet makes over the network, at the pod's own address. */
export function probesOf(container: JsonObject): Probe[] {
  return PROBES.flatMap((name) =>
    MEANS.flatMap((means): Probe[] => {
      const probe = getIn(container, [name, means]);
      if (!isObject(probe) || probe['host'] !== undefined) return [];
      const port = portNumber(probe['port'], container);
      const written = asText(probe['port'] ?? '');
      const scheme = /^https$/i.test(asText(probe['scheme'])) ? 'https' : 'http';
      const path = asText(probe['path'] ?? '/');
      const named = list(probe['httpHeaders']).find(({ name: own }) => /^host$/i.test(asText(own)));
      const host = named && asText(named['value']);
      return [{ name, means, written, port, path, scheme, host }];
    }),
  );
}

function portNumber(port: unknown, container: JsonObject): number | undefined {
  if (/^\d+$/.test(asText(port))) return asNumber(port);
  return containerPortsOf([container]).find(({ name }) => name === port)?.number;
}
