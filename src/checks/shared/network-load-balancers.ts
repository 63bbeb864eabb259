/**
 * Services that are an entry of ours by themselves, through a Network Load Balancer of AWS.
 *
 * Source: AWS Load Balancer Controller, "Service annotations": `ssl-ports` are numbers or names of ports; with `ssl-cert`, `backend-protocol: ssl` is TLS
 * to the pods; instance targets need node ports; `alpn-policy`.
 */
import type { Resource } from '../../manifests/resource.ts';
import { servicePorts } from '../../manifests/service.ts';
import { apiEndsTls } from '../../surface/api-tls.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { otherEntries } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const ALPN = ['HTTP2Only', 'HTTP2Preferred', 'HTTP1Only', 'HTTP2Optional', 'None'];

/** One fault for each annotation that cannot be carried out. */
export function networkLoadBalancers(surface: Surface): Fault[] {
  const entries = otherEntries(surface).filter(({ resource }) => resource.kind === 'Service');
  return entries.flatMap(({ resource, role }) => [
    ...tlsPorts(resource),
    ...policy(resource),
    ...(role === 'api' ? backend(resource, surface) : []),
  ]);
}

const at = (service: Resource, name: string) => ({
  resource: service,
  path: `metadata.annotations[${PREFIX}${name}]`,
});

function tlsPorts(service: Resource): Fault[] {
  const written = service.annotation(`${PREFIX}ssl-ports`) ?? '';
  const ports = servicePorts(service);
  const known = ports.flatMap(({ name, port }) => [name, String(port)]);
  return written.split(',').flatMap((one): Fault[] => {
    const port = one.trim();
    if (port === '' || port === '*' || known.includes(port)) return [];
    const shown = ports.map(({ name, port: number }) => name || String(number)).join(', ');
    return [
      {
        ...at(service, 'ssl-ports'),
        message: `ssl-ports has ${port}, and Service ${service.name} has ${shown}: no port has TLS by that`,
        fix: `write one of: ${shown}`,
      },
    ];
  });
}

function policy(service: Resource): Fault[] {
  const written = service.annotation(`${PREFIX}alpn-policy`);
  if (written === undefined || ALPN.includes(written)) return [];
  return [
    {
      ...at(service, 'alpn-policy'),
      message: `alpn-policy is ${written}, and AWS takes ${ALPN.join(', ')}`,
      fix: 'write `HTTP2Preferred`',
    },
  ];
}

function backend(service: Resource, surface: Surface): Fault[] {
  const written = service.annotation(`${PREFIX}backend-protocol`) ?? '';
  const isTls = /^(?:ssl|tls|https)$/i.test(written);
  const endsTls = servicePorts(service).some(({ port }) => apiEndsTls(service, surface, port));
  // The name of its own port tells of the side of the clients.
  const targets = servicePorts(service).map(({ targetPort }) => String(targetPort));
  const isSecured = targets.some((name) => /^(?:grpcs|https|tls)(?:-|$)/.test(name)) && endsTls;
  if (!isTls || isSecured) return [];
  return [
    {
      ...at(service, 'backend-protocol'),
      severity: 'warning',
      message: `backend-protocol is ${written}, with which the load balancer speaks TLS to the pods, and nothing shows that they end TLS`,
      fix: 'take the annotation away, or turn TLS of the API server on',
    },
  ];
}
