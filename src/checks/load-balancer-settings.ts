/**
 * What the AWS Load Balancer Controller is told and cannot carry out.
 *
 * Source: AWS Load Balancer Controller, "Ingress annotations": `target-type: instance`, the default, needs Services with node ports;
 * `listen-ports` is JSON; success codes of gRPC are 0 to 99.
 */
import { typeOfService } from '../manifests/service.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A load balancer that AWS does not make',
  why: 'The controller stops at the first annotation that it cannot carry out: the load balancer is not made, or stays as it was, and only an event of the Ingress says why.',
  fix: 'write the annotations in the form that the controller reads',
  find: (surface) =>
    surface.entries
      .filter(({ controllers, roles }) => controllers.includes('alb') && roles.size > 0)
      .filter(({ controllers }) => controllers.length === 1)
      .flatMap((entry) => [...targets(entry), ...ports(entry), ...codes(entry)]),
};

const PREFIX = 'alb.ingress.kubernetes.io';

function targets({ resource, paths }: Entry): Fault[] {
  const own = resource.annotation(`${PREFIX}/target-type`);
  const services = new Set(paths.flatMap(({ backend }) => backend.service ?? []));
  return [...services].flatMap((service): Fault[] => {
    const written = service.annotation(`${PREFIX}/target-type`) ?? own;
    // The controller's own default may be another.
    if (written === 'ip' || typeOfService(service) !== 'ClusterIP') return [];
    return [
      {
        resource,
        path: `metadata.annotations[${PREFIX}/target-type]`,
        severity: written === undefined ? 'warning' : undefined,
        message: `${written === undefined ? 'no target-type is given, and instance is the default' : `target-type is ${written}`}: it needs node ports, and Service ${service.name} has none (ClusterIP)`,
        fix: `annotate it with \`${PREFIX}/target-type: ip\``,
      },
    ];
  });
}

function ports({ resource }: Entry): Fault[] {
  const written = resource.annotation(`${PREFIX}/listen-ports`);
  if (written === undefined || isPorts(written)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${PREFIX}/listen-ports]`,
      message: 'listen-ports is not a JSON list of protocol and port',
      fix: `write \`${PREFIX}/listen-ports: '[{"HTTPS": 443}]'\``,
    },
  ];
}

function isPorts(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function codes({ resource }: Entry): Fault[] {
  const written = resource.annotation(`${PREFIX}/success-codes`);
  const isGrpc = resource.annotation(`${PREFIX}/backend-protocol-version`) === 'GRPC';
  const numbers = (written ?? '').match(/\d+/g) ?? [];
  if (!isGrpc || numbers.every((number) => Number(number) <= 99)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${PREFIX}/success-codes]`,
      message: `success-codes is ${written}: with gRPC they are 0 to 99`,
      fix: `annotate it with \`${PREFIX}/success-codes: 0-99\``,
    },
  ];
}
