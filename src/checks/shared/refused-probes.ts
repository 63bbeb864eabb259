/** Probes that the API server refuses. Source: Kubernetes, `pkg/apis/core/validation`, `validateProbe`, `validateLivenessProbe`. */
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isObject, type JsonObject } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** Seconds and counts. 0 is the default, which is never 0 but for the first. */
const NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
];

/** Of one workload or Pod, container by container. */
export function refusedProbes(resource: Resource): Fault[] {
  return placedContainers(resource).flatMap(({ json, path }) =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((kind) => {
      const probe = json[kind];
      if (!isObject(probe)) return [];
      return [...handlers(kind, probe), ...numbers(kind, probe), ...ports(kind, probe)].map(
        ({ at, ...said }): Fault => ({ resource, path: toPath([...path, kind, ...at]), ...said }),
      );
    }),
  );
}

interface Said {
  at: readonly string[];
  message: string;
  fix: string;
}

function handlers(kind: string, probe: JsonObject): Said[] {
  const found = HANDLERS.filter((handler) => (probe[handler] ?? null) !== null);
  if (found.length === 1) return [];
  return [
    {
      at: [],
      message:
        found.length === 0
          ? `the ${kind} asks nothing: it has none of ${HANDLERS.join(', ')}`
          : `the ${kind} has ${found.join(' and ')}, and one way to ask is all that it may have`,
      fix: found.length === 0 ? 'add one of them, or take the probe away' : 'keep one of them',
    },
  ];
}

function numbers(kind: string, probe: JsonObject): Said[] {
  const negative = NUMBERS.flatMap((field) => {
    const value = probe[field];
    if (typeof value !== 'number' || (value >= 0 && Number.isInteger(value))) return [];
    return [
      {
        at: [field],
        message: `${field} of the ${kind} is ${value}, and a whole number that is not negative belongs there`,
        fix: 'write a positive whole number, or take it away',
      },
    ];
  });
  const { successThreshold } = probe;
  const isOnce = kind !== 'readinessProbe' && typeof successThreshold === 'number';
  if (isOnce && successThreshold > 1)
    negative.push({
      at: ['successThreshold'],
      message: `successThreshold of the ${kind} is ${successThreshold}, and it has to be 1`,
      fix: 'take it away',
    });
  return negative;
}

function ports(kind: string, probe: JsonObject): Said[] {
  return HANDLERS.flatMap((handler): Said[] => {
    const asked = probe[handler];
    const port = isObject(asked) ? asked['port'] : undefined;
    if (typeof port !== 'number' || (Number.isInteger(port) && port > 0 && port < 65_536))
      return [];
    return [
      {
        at: [handler, 'port'],
        message: `the ${kind} asks port ${port}, and ports go from 1 to 65535`,
        fix: 'write the port that the container listens on',
      },
    ];
  });
}
