/**
 * Certificates that pods of the API server show themselves: where the entry passes TLS through, clients look for the public host in it; where it
 * speaks TLS to the pods, the host of the policy.
 *
 * Source: Gateway API, "BackendTLSPolicy" (`validation.hostname` is the SNI, and has to be in the certificate unless `subjectAltNames` says what is).
 */
import { dnsNamesOf } from '../../manifests/certificate.ts';
import type { Resource } from '../../manifests/resource.ts';
import { sourcesOf, volumesOf } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { certificatesFor, covers } from '../../surface/issuers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list, stringAt } from '../../yaml/json.ts';

/** One fault for each host that no certificate of the pods has. */
export function podCertificateFaults(surface: Surface): Fault[] {
  const passed = surface
    .entriesOf('api')
    .filter(({ tlsPlace }) => tlsPlace === 'envoy')
    .flatMap(({ resource, paths }) =>
      paths.flatMap(({ backend: { service }, host, role }) =>
        service && host && role === 'api'
          ? onPods(
              service,
              host,
              `${resource.kind} ${resource.name} passes TLS for it through to them`,
              surface,
            )
          : [],
      ),
    );
  const told = surface.manifests.ofKind('BackendTLSPolicy').flatMap((policy) => {
    const host = stringAt(policy.json, ['spec', 'validation', 'hostname']);
    const names = list(getIn(policy.json, ['spec', 'validation', 'subjectAltNames']));
    if (host === '' || names.length > 0) return [];
    return list(getIn(policy.json, ['spec', 'targetRefs'])).flatMap((target) => {
      const { namespace } = policy;
      const service = surface.manifests.named('Service', stringAt(target, ['name']), namespace);
      const why = `BackendTLSPolicy ${policy.name} looks for it there`;
      return service ? onPods(service, host, why, surface) : [];
    });
  });
  return [...passed, ...told];
}

function onPods(service: Resource, host: string, why: string, surface: Surface): Fault[] {
  const pods = surface.podsOf(service);
  const secrets = pods.flatMap((pod) =>
    volumesOf(pod)
      .flatMap((volume) => sourcesOf(volume, 'secret'))
      .map((name) => ({ name, namespace: pod.namespace })),
  );
  const made = secrets.map(({ name, namespace }) => certificatesFor(name, namespace, surface));
  const certificates = made.flat();
  const [first] = certificates;
  if (!first || certificates.some((one) => covers(dnsNamesOf(one), host))) return [];
  // With other Secrets beside it, one of them may hold the certificate of the server.
  const isOnly = made.every((one) => one.length > 0) && certificates.length === 1;
  return [
    {
      resource: first,
      path: 'spec.dnsNames',
      severity: isOnly ? undefined : 'warning',
      message: `the pods of Service ${service.name} have this certificate, which does not name ${host}, and ${why}`,
      fix: `add ${host} to \`dnsNames\``,
    },
  ];
}
