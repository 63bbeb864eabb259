/**
 * Probes that start a program anew before it can have started.
 *
 * Source: Kubernetes, "Configure Liveness, Readiness and Startup Probes"; the kubelet's `prober/worker.go`: it asks for the first time after
 * `initialDelaySeconds`, then every `periodSeconds`, and ends the container at the `failureThreshold`th failure in a row.
 */
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type Json, type JsonObject } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** In seconds: an API server or a controller manager reads its config and asks Kubernetes first, and a busy node takes longer. */
const SHORT = 2;

/** Of Envoy, the controller manager and the API server. */
export function shortProbes(surface: Surface): Fault[] {
  const targets = [...surface.envoys, ...surface.controllerManagers];
  const found = new Map<Resource, Set<JsonObject>>();
  const note = (workload: Resource, containers: readonly JsonObject[]) => {
    const known = found.get(workload) ?? new Set();
    for (const one of containers) known.add(one);
    found.set(workload, known);
  };
  for (const target of targets as DocumentTarget[])
    for (const workload of surface.mounting([target]))
      note(workload, containersWith(target, workload));
  // The first container of a pod of the API server is its program; others are sidecars.
  for (const workload of surface.apiServices.flatMap((service) => surface.podsOf(service)))
    note(
      workload,
      placedContainers(workload)
        .slice(0, 1)
        .map(({ json }) => json),
    );
  return [...found].flatMap(([workload, containers]) =>
    placedContainers(workload)
      .filter(({ json }) => containers.has(json))
      .flatMap(({ json, path }) => {
        const name = isObject(json['startupProbe']) ? 'startupProbe' : 'livenessProbe';
        const probe = json[name];
        const seconds = isObject(probe) ? lastsFor(probe) : undefined;
        if (seconds === undefined || seconds > SHORT) return [];
        return [
          {
            resource: workload,
            path: toPath([...path, name]),
            severity: 'warning' as const,
            message: `the ${name} ends the container ${seconds === 0 ? 'at the first failure, right after it has started' : `where it does not answer within ${seconds} s of its start`}: a program that takes longer once never starts`,
            fix:
              name === 'startupProbe'
                ? 'write `failureThreshold: 30`'
                : 'add a `startupProbe` with `failureThreshold: 30`, or write `initialDelaySeconds: 15` and `failureThreshold: 3`',
          },
        ];
      }),
  );
}

/** From the first question to the last; undefined where a number cannot be read. */
function lastsFor(probe: JsonObject): number | undefined {
  const numbers = [
    numberAt(probe['initialDelaySeconds'], 0),
    numberAt(probe['failureThreshold'], 3),
    numberAt(probe['periodSeconds'], 10),
  ];
  const [delay, failures, period] = numbers;
  if (delay === undefined || failures === undefined || period === undefined) return undefined;
  return delay + (failures - 1) * period;
}

/** 0 is the default to Kubernetes. */
function numberAt(value: Json | undefined, fallback: number): number | undefined {
  if (value === undefined || value === null || value === 0) return fallback;
  return typeof value === 'number' && value > 0 ? value : undefined;
}
