/**
 * Certificates of the public hosts: alerts on what cert-manager says of those that it makes, and for the others a Probe that looks at what
 * is served.
 *
 * Sources: cert-manager's `internal/collectors/certificate_collector.go` (0 where there is no certificate yet) and "Annotated Ingress
 * resource" (a Certificate of its own has the name of its Secret); blackbox exporter's `prober/http.go`: the expiry is there whatever the
 * answer's status is.
 */
import { hostRoles, publicHostsOf } from '../../config/settings.ts';
import type { Problem } from '../../errors.ts';
import { shortName } from '../../manifests/short-name.ts';
import { originOf } from '../../net/origins.ts';
import type { Surface } from '../../surface/surface.ts';
import { certificatesOf } from '../certificate-requests.ts';
import { secretsIn } from '../certificates.ts';
import type { RuleInput } from '../rule.ts';
import { incomplete, nothingToWatch, type Watch } from './alert.ts';
import { byCertManager, byProbe, certificateAlerts } from './certificate-alerts.ts';
import { type Labels, probeOf } from './resources.ts';

/** A Certificate, as cert-manager's metrics name it. */
export interface MadeCertificate {
  name: string;
  namespace: string;
}

/** Hosts whose certificates nothing can look at are named in a problem. */
export function watchCertificates(input: RuleInput, labels: Labels): Watch {
  const { settings, surface } = input;
  const watch = nothingToWatch('michelangelo-certificates');
  if (settings.scheme === 'http') return watch;
  const { made, others } = sortHosts(input);
  const served = surface.apiServer ?? surface.envoyService;
  const prober = settings.config.spec.alerts?.prometheusOperator?.prober;
  const ways = made.length > 0 ? [byCertManager(made)] : [];
  if (others.length > 0 && prober !== undefined && served) {
    const name = shortName(`${served.name}-certificates`);
    const targets = others.map((host) => `${originOf('https', host, settings.port)}/`);
    watch.additions.push(probeOf(served, { name, module: 'http_2xx', targets }, prober, labels));
    ways.push(byProbe({ namespace: served.namespace || undefined, job: name }, targets));
  } else if (others.length > 0) watch.problems.push(unwatched(others));
  watch.alerts.push(...certificateAlerts(ways));
  return watch;
}

/** The Certificates that cert-manager makes, and the hosts whose certificate somebody else does. */
function sortHosts({ settings, surface }: RuleInput): {
  made: MadeCertificate[];
  others: string[];
} {
  const made = new Map<string, MadeCertificate>();
  const known = new Set<string>();
  for (const role of hostRoles(settings)) {
    const served = surface.serviceOf(role) ?? surface.ingressOf(role);
    for (const { host, secretName } of settings.hosts[role]) {
      if (!served || secretName === undefined) continue;
      const namespace = gatewayWith(secretName, surface) ?? served.namespace;
      const [own] = certificatesOf(secretName, namespace, surface);
      if (!own && settings.requests[role] === undefined) continue;
      known.add(host);
      const name = own?.name ?? secretName;
      made.set(`${namespace}/${name}`, { name, namespace });
    }
  }
  const hosts = publicHostsOf(settings).map(({ host }) => host);
  return { made: [...made.values()], others: [...new Set(hosts)].filter((one) => !known.has(one)) };
}

/** A Secret of a Gateway is in the Gateway's namespace. */
function gatewayWith(secretName: string, { gateways }: Surface): string | undefined {
  return gateways.find((gateway) => secretsIn(gateway).includes(secretName))?.namespace;
}

function unwatched(hosts: readonly string[]): Problem {
  return incomplete(undefined, {
    message: `there is no alert before the certificates of ${hosts.map((host) => `\`${host}\``).join(', ')} expire`,
    found:
      'certificates that cert-manager does not make, and no `alerts.prometheusOperator.prober`',
    expected: 'a blackbox exporter that looks at what is served',
    fix: 'set `alerts.prometheusOperator.prober`, or accept this with a reason where whoever makes the certificates watches them',
  });
}
