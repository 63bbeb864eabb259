import { adminPort, listenerPorts } from '../envoy/bootstrap.ts';
import { type PlacedContainer, placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { groupedBy } from '../maps.ts';
import { bindAddresses, containersWith, type Probe, probesOf } from '../surface/bind-addresses.ts';
import { programsOf } from '../surface/configs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { once } from '../surface/once.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A probe of a port that is not there',
  why: 'Nothing answers: the pod never becomes ready, or is started anew without end.',
  fix: 'name a port of the container on which the program listens',
  find: (surface) => {
    const ours = new Set(programsOf(surface));
    return surface.workloads.flatMap((workload) =>
      placedContainers(workload).flatMap((container) =>
        probesOf(container.json).flatMap((probe): Fault[] => {
          const fault = judge(probe, container, workload, surface, ours.has(workload));
          const path = toPath([...container.path, probe.name, probe.means, 'port']);
          return fault ? [{ resource: workload, path, ...fault }] : [];
        }),
      ),
    );
  },
};

function judge(
  { name, written, port }: Probe,
  { json }: PlacedContainer,
  workload: Resource,
  surface: Surface,
  isOurs: boolean,
): Fault | undefined {
  const declared = containerPortsOf([json]);
  if (port === undefined) {
    const names = declared.flatMap((own) => own.name || []);
    const message = `the ${name} asks port ${written}, and the container has no port of that name`;
    return { message, fix: names.length > 0 ? `name one of: ${names.join(', ')}` : undefined };
  }
  if (!isOurs) return undefined;
  const everywhere = containerPortsOf(allContainersOf(workload));
  const isOfOther = everywhere.some(
    ({ number }) => number === port && !declared.some((own) => own.number === number),
  );
  const listening = envoyPorts(json, workload, surface);
  if (listening) {
    if (listening.includes(port) || isOfOther) return undefined;
    const message = `the ${name} asks port ${port}, and Envoy listens on ${[...new Set(listening)].join(', ')}`;
    return { message, fix: `probe one of: ${[...new Set(listening)].join(', ')}` };
  }
  const isKnown =
    everywhere.some((own) => own.number === port) ||
    bindAddresses(surface).some((one) => one.pods.includes(workload));
  // Sidecars, as of a mesh, listen on ports that they do not declare.
  const isFirst = allContainersOf(workload)[0] === json;
  if (everywhere.length === 0 || isKnown || !isFirst) return undefined;
  return {
    severity: 'warning',
    message: `the ${name} asks port ${port}, and the container has ${everywhere.map(({ number }) => number).join(', ')}: it passes only where the program listens on a port that it does not declare`,
    fix: `write \`${everywhere[0]?.number}\`, or declare the port`,
  };
}

/** Every port of Envoy, its admin interface included; undefined for another program. */
function envoyPorts(
  container: JsonObject,
  workload: Resource,
  surface: Surface,
): number[] | undefined {
  const documents = (mountedEnvoys(surface).get(workload) ?? []).filter((target) =>
    containersWith(target, workload).includes(container),
  );
  const ports = documents.flatMap((target) => {
    const json = jsonOf(target);
    return [...listenerPorts(json), adminPort(json) ?? []].flat();
  });
  return ports.length > 0 ? ports : undefined;
}

/** The documents of Envoy that each workload mounts. */
const mountedEnvoys = once((surface) =>
  groupedBy(surface.envoys, (target) => surface.mounting([target])),
);
