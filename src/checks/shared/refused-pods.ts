/** Pods that the API server refuses. Source: Kubernetes, `pkg/apis/core/validation` (names of containers, volumes and ports, host ports). */
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podTemplatePath, volumesOf } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText, type JsonObject, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

type Path = readonly (string | number)[];

interface Item {
  path: Path;
  /** Undefined where there is nothing that could be twice. */
  key: string | undefined;
}

/** Of one workload or Pod: what stands there twice, or is out of range. */
export function refusedPods(resource: Resource): Fault[] {
  const containers = placedContainers(resource);
  const ports = containers.map(({ json, path }) =>
    list(json['ports']).map((port, index) => ({ port, path: [...path, 'ports', index] })),
  );
  return [
    ...twice(resource, 'containers of the pod have the name', containers.map(named)),
    ...twice(resource, 'volumes of the pod have the name', volumes(resource)),
    ...ports.flatMap((own) =>
      twice(
        resource,
        'ports of one container have the name',
        own.map(({ port, path }) => ({ path: [...path, 'name'], key: textOf(port['name']) })),
      ),
    ),
    // An init container has ended when the others start.
    ...twice(
      resource,
      'containers ask for the port of the node',
      ports
        .flat()
        .filter(({ path }) => !path.includes('initContainers'))
        .map(onHost),
    ),
    ...ports.flat().flatMap(({ port, path }) => nameOfPort(resource, port, path)),
    ...containers.flatMap((container) => values(resource, container)),
  ];
}

function values(resource: Resource, { json, path }: PlacedContainer): Fault[] {
  return list(json['env']).flatMap(({ name, value }, index): Fault[] =>
    typeof value !== 'number' && typeof value !== 'boolean'
      ? []
      : [
          {
            resource,
            path: toPath([...path, 'env', index, 'value']),
            message: `the value of ${asText(name)} is a ${typeof value}, and Kubernetes takes strings alone here`,
            fix: 'put the value in quotes',
          },
        ],
  );
}

function twice(resource: Resource, what: string, items: readonly Item[]): Fault[] {
  return items.flatMap(({ key, path }, index): Fault[] =>
    key === undefined || items.findIndex((other) => other.key === key) === index
      ? []
      : [
          {
            resource,
            path: toPath(path),
            message: `two ${what} ${key}`,
            fix: 'give each its own',
          },
        ],
  );
}

function named({ json, path }: { json: JsonObject; path: Path }): Item {
  return { path: [...path, 'name'], key: textOf(json['name']) };
}

function volumes(resource: Resource): Item[] {
  return volumesOf(resource).map(({ name }, index) => ({
    path: [...podTemplatePath(resource), 'spec', 'volumes', index, 'name'],
    key: textOf(name),
  }));
}

function onHost({ port, path }: { port: JsonObject; path: Path }): Item {
  const { hostPort, hostIP = '', protocol = 'TCP' } = port;
  const address = hostIP === '' ? '' : `${asText(hostIP)}:`;
  const key =
    hostPort === undefined ? undefined : `${address}${asText(hostPort)}/${asText(protocol)}`;
  return { path: [...path, 'hostPort'], key };
}

function nameOfPort(resource: Resource, { name }: JsonObject, path: Path): Fault[] {
  const text = textOf(name);
  if (text === undefined || text === '' || isPortName(text)) return [];
  return [
    {
      resource,
      path: toPath([...path, 'name']),
      message: `the port has the name ${text}, and that of a port has 15 signs at most: small letters, digits and single hyphens, a letter among them`,
      fix: 'write a shorter one, here and wherever probes, Services and monitors name it',
    },
  ];
}

/** Source: `IsValidPortName`. */
function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text) && /[a-z]/.test(text);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
