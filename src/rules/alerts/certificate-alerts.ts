/** The alerts on certificates. docs/alerts.md says what each means, and why its numbers are what they are. */
import type { Alert } from './alert.ts';
import type { MadeCertificate } from './certificates.ts';
import { anyOf, type Matchers, quoted, series } from './promql.ts';

/** When certificates expire, in seconds since 1970, by one of the ways to know. */
export interface Expiry {
  /** Expressions of what is known. */
  known: string[];
  /** An expression for each one of which nothing is known. */
  unknown: string[];
}

const EXPIRATION = 'certmanager_certificate_expiration_timestamp_seconds';

/**
 * The namespace of the Certificate is in `exported_namespace` where Prometheus keeps `namespace` for that of cert-manager's own pod, which
 * is the operator's default.
 */
export function byCertManager(certificates: readonly MadeCertificate[]): Expiry {
  const namespaces = [...new Set(certificates.map(({ namespace }) => namespace))];
  const known = namespaces.flatMap((namespace) => {
    const own = certificates.filter((one) => one.namespace === namespace);
    return expirations(
      namespace,
      own.map(({ name }) => name),
    );
  });
  const unknown = certificates.map(
    ({ name, namespace }) =>
      `label_replace(absent(${expirations(namespace, [name]).join(' or ')}), "name", ${quoted(name)}, "", "")`,
  );
  return { known, unknown };
}

function expirations(namespace: string, name: string[]): string[] {
  if (namespace === '') return [series(EXPIRATION, { name })];
  return [
    series(EXPIRATION, { exported_namespace: namespace, name }),
    series(EXPIRATION, { exported_namespace: '', namespace, name }),
  ];
}

/** Of what a Probe sees. `targets` are URLs: the values of the label `instance`. */
export function byProbe(matchers: Matchers, targets: readonly string[]): Expiry {
  const expiry = (instance: string | readonly string[]) =>
    series('probe_ssl_earliest_cert_expiry', matchers, { instance });
  return {
    known: [expiry(targets)],
    unknown: targets.map((target) => `absent(${expiry(target)})`),
  };
}

const DAY = 86_400;

/** Of the certificate, or of the address that was asked. */
const NAME = '{{ if $labels.name }}{{ $labels.name }}{{ else }}{{ $labels.instance }}{{ end }}';

const RENEWAL =
  'kubectl describe certificate, its CertificateRequest, Order and Challenge say what stops the renewal; where somebody else makes the Secret, ask them. Restart what read the old one and does not reload it.';

/** One set of alerts over all ways by which expiry is known; none where it is known by none. */
export function certificateAlerts(ways: readonly Expiry[]): Alert[] {
  if (ways.length === 0) return [];
  const known = ways.flatMap((way) => way.known);
  const left = (days: number) => anyOf(known.map((expiry) => `${expiry} - time() < ${days * DAY}`));
  return [
    {
      name: 'MichelangeloCertificateExpires',
      severity: 'warning',
      for: '1h',
      expr: left(10),
      summary: `The certificate ${NAME} expires in less than ten days`,
      description:
        'It expires in {{ $value | humanizeDuration }}, and should have been renewed long before: by default cert-manager does when a third of its time is left. A time of decades below zero means that there is no certificate yet.',
      action: RENEWAL,
    },
    {
      name: 'MichelangeloCertificateExpiresSoon',
      severity: 'critical',
      for: '1h',
      expr: left(3),
      summary: `The certificate ${NAME} expires in less than three days`,
      description:
        'It expires in {{ $value | humanizeDuration }}. After that every browser, worker and job refuses the host. A time of decades below zero means that there is no certificate yet.',
      action: RENEWAL,
    },
    {
      name: 'MichelangeloCertificateUnknown',
      severity: 'warning',
      for: '1h',
      expr: anyOf(ways.flatMap((way) => way.unknown)),
      summary: `Nothing tells when the certificate ${NAME} expires`,
      description:
        'Prometheus has no time of expiry for it: the Certificate is gone, the metrics of cert-manager are not read, or the prober gets no TLS connection with the host, as with a certificate that it does not trust.',
      action:
        'kubectl get certificates; then whether Prometheus has a target for cert-manager, and what the prober says with &debug=true.',
    },
  ];
}
