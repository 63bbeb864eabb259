/** Whether programs listen where their probes and Services ask. */

import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf, namedPort } from '../manifests/workload.ts';
import { isLoopback } from '../net/addresses.ts';
import { apiServicePort } from '../surface/api-port.ts';
import {
  type BindAddress,
  bindAddresses,
  containersWith,
  probesOf,
} from '../surface/bind-addresses.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { sharedPorts } from './shared/shared-ports.ts';

/** Where controller-runtime has its webhooks, without a word in the config. */
const WEBHOOKS = 9443;

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A program does not listen where it is asked',
  why: 'Go takes `:8091` for a port on all addresses, and refuses `8091` alone: the program ends when it starts. On loopback, or on another port than probes and Services ask, nothing answers: pods start anew without end, or no request and no metric arrives.',
  fix: 'write `:` and the port of the container in the config, the one that probes and the Service name',
  find: (surface) => {
    const addresses = bindAddresses(surface);
    return [
      ...addresses.flatMap((one) => malformed(one) ?? []),
      ...addresses.flatMap((one) => taken(one, addresses) ?? []),
      ...addresses.flatMap((one) => onLoopback(one, surface) ?? []),
      ...elsewhere(addresses, surface),
      ...sharedPorts(surface),
    ];
  },
};

function malformed(one: BindAddress): Fault | undefined {
  if (one.written === undefined || one.port !== undefined) return undefined;
  const port = /\d{2,5}$/.exec(one.written)?.[0];
  return fault(one, {
    message: `${one.written} is not an address to listen on`,
    fix: port && `write \`":${port}"\``,
  });
}

function taken(one: BindAddress, all: readonly BindAddress[]): Fault | undefined {
  const other = all[all.indexOf(one) - 1];
  if (one.port === undefined || one.port === 0 || other?.port !== one.port) return undefined;
  if (other.target !== one.target || other.use === one.use) return undefined;
  return fault(one, {
    message: `metrics and health are both served on port ${one.port}, and only one of the two can be`,
    fix: 'give each a port of its own, as in `:8091` and `:8083`',
  });
}

function onLoopback(one: BindAddress, surface: Surface): Fault | undefined {
  if (!isLoopback(one.host ?? '')) return undefined;
  const asked = askedOf(one, surface).find(({ number }) => number === one.port);
  if (!asked) return undefined;
  return fault(one, {
    message: `${one.written} takes connections of its own pod alone, and ${asked.by} asks the port from outside`,
    fix: one.use === 'calls' ? 'write `host: 0.0.0.0`' : `write \`":${one.port}"\``,
  });
}

/** Ports that are asked, and that no address of the program has. */
function elsewhere(addresses: readonly BindAddress[], surface: Surface): Fault[] {
  return addresses
    .filter(({ use }) => use !== 'metrics')
    .flatMap((one) => {
      const own = addresses.filter(({ target }) => target === one.target);
      // Where one is not known, it may be that.
      if (own.some(({ port }) => port === undefined)) return [];
      const ports = own.map(({ port }) => port);
      const [asked] = askedOf(one, surface).filter(
        ({ number }) => number !== WEBHOOKS && !ports.includes(number),
      );
      if (!asked) return [];
      const listens = own.map(({ use, port }) => `${port} (${use})`).join(' and ');
      return [
        fault(one, {
          message: `${asked.by} asks port ${asked.number}, and the program listens on ${listens}`,
          fix: portFix(asked, one, surface),
        }),
      ];
    });
}

/** Where the containers declare what is asked, and others ask for what the program listens on, the declaration is what is wrong. */
function portFix(asked: Asked, one: BindAddress, surface: Surface): string {
  const here = `write port ${asked.number} here`;
  const declared = containerPortsOf(one.pods.flatMap(allContainersOf)).map(({ number }) => number);
  const isDeclared = declared.includes(asked.number) && !declared.includes(one.port ?? 0);
  if (!isDeclared) return `${here}, or change ${asked.by}`;
  const isRightElsewhere = askedOf(one, surface).some(({ number }) => number === one.port);
  return isRightElsewhere
    ? `write \`containerPort: ${one.port}\` where the container declares ${asked.number}`
    : `${here}, or ${one.port} as \`containerPort\` and wherever ${asked.number} is asked for`;
}

interface Asked {
  number: number;
  /** Who asks. */
  by: string;
}

/** What probes and Services ask of the containers that read the address. */
function askedOf(one: BindAddress, surface: Surface): Asked[] {
  return one.pods.flatMap((pod) => {
    const containers = containersWith(one.target, pod);
    const others = allContainersOf(pod).filter((container) => !containers.includes(container));
    const isOthers = (number: number) =>
      containerPortsOf(others).some((port) => port.number === number);
    const probes = containers.flatMap((container) =>
      probesOf(container).flatMap(({ name, port }) => {
        const by = `the ${name} of ${pod.kind} ${pod.name}`;
        return port === undefined ? [] : [{ number: port, by }];
      }),
    );
    return [...probes, ...servicesAsking(one, pod, surface)].filter(
      ({ number }) => !isOthers(number),
    );
  });
}

function servicesAsking({ use, port }: BindAddress, pod: Resource, surface: Surface): Asked[] {
  return surface.services
    .filter((service) => surface.podsOf(service).includes(pod))
    .flatMap((service) => {
      const api = apiServicePort(service);
      const ports = use === 'calls' ? (api ? [api] : []) : servicePorts(service);
      return ports.flatMap(({ targetPort }) => {
        const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort);
        if (number === undefined || isUndeclared(number, port, pod)) return [];
        return [{ number, by: `Service ${service.name}` }];
      });
    });
}

/** A port that no container declares, where one declares that of the program: the Service is wrong, and is told so. */
function isUndeclared(asked: number, own: number | undefined, pod: Resource): boolean {
  const declared = containerPortsOf(allContainersOf(pod)).map(({ number }) => number);
  return own !== undefined && declared.includes(own) && !declared.includes(asked);
}

function fault({ target, path }: BindAddress, details: Fault): Fault {
  return inDocument(target, path, details);
}
