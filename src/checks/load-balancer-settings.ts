/**
 * What the AWS Load Balancer Controller is told and cannot carry out.
 *
 * Source: AWS Load Balancer Controller, "Ingress annotations": `target-type: instance`, the default, needs Services with node ports;
 * `listen-ports` is JSON; success codes of gRPC are 0 to 99; without `listen-ports` it listens on 443 with `certificate-arn` and on 80 without.
 */

import { typeOfService } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { usesTls } from '../surface/addresses.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { networkLoadBalancers } from './shared/network-load-balancers.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A load balancer that AWS does not make',
  why: 'The controller stops at the first annotation that it cannot carry out: the load balancer is not made, or stays as it was, and only an event of the Ingress says why.',
  fix: 'write the annotations in the form that the controller reads',
  find: (surface) => [
    ...networkLoadBalancers(surface),
    ...surface.entries
      .filter(({ controllers, roles }) => controllers.includes('alb') && roles.size > 0)
      .filter(({ controllers }) => controllers.length === 1)
      .flatMap((entry) => [
        ...targets(entry),
        ...ports(entry),
        ...codes(entry),
        ...choices(entry),
        ...withoutTls(entry, surface),
        ...redirectPort(entry),
        ...healthPort(entry, surface),
        ...attributes(entry),
        ...order(entry),
        ...login(entry),
        ...checkTimes(entry),
      ]),
  ],
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
  return protocolsIn(text) !== undefined;
}

/** The protocols that it listens with; undefined where the text is not what it reads. */
function protocolsIn(text: string): string[] | undefined {
  try {
    const parsed = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.flatMap((port) => Object.keys(port ?? {})) : undefined;
  } catch {
    return undefined;
  }
}

/** Clients are told to use TLS, and no listener has any. */
function withoutTls(entry: Entry, surface: Surface): Fault[] {
  const { resource } = entry;
  const written = resource.annotation(`${PREFIX}/listen-ports`);
  const protocols = written === undefined ? undefined : protocolsIn(written);
  const redirect = resource.annotation(`${PREFIX}/ssl-redirect`);
  const isPlain = protocols !== undefined && protocols.length > 0 && !protocols.includes('HTTPS');
  if (!isPlain || (redirect === undefined && !usesTls(surface))) return [];
  if (redirectsAll(entry, surface.manifests)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${PREFIX}/listen-ports]`,
      message: `it listens with HTTP alone, and ${redirect === undefined ? 'clients are told to use TLS' : `ssl-redirect sends to port ${redirect}, where nothing listens`}${entry.roles.has('api') ? '; gRPC needs HTTPS as well' : ''}`,
      fix: `write \`${PREFIX}/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'\``,
    },
  ];
}

/** The port that requests are sent to is one that it listens on. */
function redirectPort({ resource }: Entry): Fault[] {
  const key = `${PREFIX}/ssl-redirect`;
  const port = resource.annotation(key);
  const written = resource.annotation(`${PREFIX}/listen-ports`) ?? '';
  if (port === undefined || !protocolsIn(written)?.includes('HTTPS')) return [];
  const ports = [...written.matchAll(/"HTTPS"\s*:\s*(\d+)/g)].map(([, one = '']) => one);
  if (ports.includes(port)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      message: `ssl-redirect sends to port ${port}, and listen-ports has HTTPS on ${ports.join(', ')}`,
      fix: `write \`${key}: "${ports[0]}"\``,
    },
  ];
}

/** The values that an annotation has. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  scheme: ['internal', 'internet-facing'],
  'target-type': ['instance', 'ip'],
  'ip-address-type': ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'],
  'backend-protocol': ['HTTP', 'HTTPS'],
  'backend-protocol-version': ['HTTP1', 'HTTP2', 'GRPC'],
  'healthcheck-protocol': ['HTTP', 'HTTPS'],
};

function choices({ resource }: Entry): Fault[] {
  const chosen = Object.entries(CHOICES).flatMap(([name, values]): Fault[] => {
    const written = resource.annotation(`${PREFIX}/${name}`);
    const isKnown = values.some((value) => value.toLowerCase() === written?.toLowerCase());
    if (written === undefined || isKnown) return [];
    return [
      {
        resource,
        path: `metadata.annotations[${PREFIX}/${name}]`,
        message: `${name} is ${written}, and the controller takes ${values.join(', ')}`,
        fix: `write one of: ${values.join(', ')}`,
      },
    ];
  });
  const key = `${PREFIX}/certificate-arn`;
  const certificates = (resource.annotation(key) ?? '').split(',').map((arn) => arn.trim());
  const wrong = certificates.filter(
    (arn) =>
      arn !== '' && !/[${<]/.test(arn) && !/^arn:aws[\w-]*:(?:acm|iam):[\w-]*:\d{12}:/.test(arn),
  );
  return [
    ...chosen,
    ...wrong.map((arn) => ({
      resource,
      path: `metadata.annotations[${key}]`,
      message: `\`${arn}\` is no ARN of a certificate`,
      fix: 'write it as `arn:aws:acm:<region>:<account of 12 digits>:certificate/<id>`',
    })),
  ];
}

/** With targets that are pods, the port is one of theirs. */
function healthPort({ resource, paths }: Entry, surface: Surface): Fault[] {
  const key = `${PREFIX}/healthcheck-port`;
  const services = new Set(paths.flatMap(({ backend, role }) => (role && backend.service) || []));
  return [...services].flatMap((service): Fault[] => {
    const owner = service.annotation(key) === undefined ? resource : service;
    const written = owner.annotation(key);
    if (written === undefined || written === 'traffic-port' || !/^\d+$/.test(written)) return [];
    if (
      (service.annotation(`${PREFIX}/target-type`) ??
        resource.annotation(`${PREFIX}/target-type`)) !== 'ip'
    )
      return [];
    const pods = surface.podsOf(service);
    const ports = containerPortsOf(pods.flatMap(allContainersOf)).map(({ number }) => number);
    if (ports.length === 0 || ports.includes(Number(written))) return [];
    return [
      {
        resource: owner,
        path: `metadata.annotations[${key}]`,
        severity: 'warning',
        message: `health checks ask port ${written}, and the pods of Service ${service.name} have ${[...new Set(ports)].join(', ')}: targets are unhealthy unless a program listens there without declaring it`,
        fix: 'write `traffic-port`, or a port of the pods',
      },
    ];
  });
}

/** Source: Elastic Load Balancing, "Load balancer attributes": 1 to 4000 s. */
const LONGEST_IDLE = 4000;

/** Lists of attributes, on the Ingress or a Service. */
const LISTS = ['load-balancer-attributes', 'target-group-attributes'];

function attributes({ resource, paths }: Entry): Fault[] {
  const services = paths.flatMap(({ backend, role }) => (role && backend.service) || []);
  return [...new Set([resource, ...services])].flatMap((owner) =>
    LISTS.flatMap((name) => {
      const key = `${PREFIX}/${name}`;
      const place = { resource: owner, path: `metadata.annotations[${key}]` };
      const written = owner.annotation(key)?.trim() ?? '';
      if (written === '' || /[${]/.test(written)) return [];
      return written.split(',').flatMap((pair): Fault[] => {
        const [attribute = '', value] = pair.trim().split('=');
        // Each begins with what it is about, and a dot.
        if (value === undefined || !/^[a-z_0-9]+(?:\.[a-z_0-9]+)+$/.test(attribute))
          return [
            {
              ...place,
              message: `\`${pair.trim()}\` in ${name} is no attribute and its value`,
              fix: 'write each as `name.of.attribute=value`, with commas between them',
            },
          ];
        if (attribute !== 'idle_timeout.timeout_seconds' || Number(value) <= LONGEST_IDLE)
          return [];
        return [
          {
            ...place,
            message: `idle_timeout.timeout_seconds is ${value}, and AWS takes 1 to ${LONGEST_IDLE}`,
            fix: 'write `idle_timeout.timeout_seconds=3600`',
          },
        ];
      });
    }),
  );
}

/** Source: "Ingress annotations", `group.order`: -1000 to 1000. */
function order({ resource }: Entry): Fault[] {
  const key = `${PREFIX}/group.order`;
  const written = resource.annotation(key)?.trim();
  if (written === undefined || (/^-?\d+$/.test(written) && Math.abs(Number(written)) <= 1000))
    return [];
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      message: `group.order is ${written}, and the controller takes -1000 to 1000`,
      fix: 'write a number from -1000 to 1000',
    },
  ];
}

/** Source: "Authentication" of Application Load Balancers: a request without a session is redirected to the provider. */
function login({ resource, roles }: Entry): Fault[] {
  const key = `${PREFIX}/auth-type`;
  const written = resource.annotation(key) ?? 'none';
  const unknown = resource.annotation(`${PREFIX}/auth-on-unauthenticated-request`);
  if (!roles.has('api') || !/^(?:cognito|oidc)$/.test(written) || unknown === 'allow') return [];
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      message:
        'a call without a session is redirected to a page with a login, and gRPC clients follow no redirect',
      fix: 'take it away from the entry of the API: clients send a token',
    },
  ];
}

/** Source: "Health checks for target groups": the timeout is below the interval. */
function checkTimes({ resource }: Entry): Fault[] {
  const [interval, timeout] = ['interval', 'timeout'].map((name) =>
    Number(resource.annotation(`${PREFIX}/healthcheck-${name}-seconds`) ?? Number.NaN),
  );
  // By default 15 and 5 s.
  const [every, after] = [interval || 15, timeout || 5];
  if (after < every) return [];
  const name = Number.isNaN(timeout ?? Number.NaN) ? 'interval' : 'timeout';
  return [
    {
      resource,
      path: `metadata.annotations[${PREFIX}/healthcheck-${name}-seconds]`,
      message: `health checks are made every ${every} s and given ${after} s to answer: AWS takes a timeout below the interval alone`,
      fix: 'make the timeout shorter than the interval',
    },
  ];
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
