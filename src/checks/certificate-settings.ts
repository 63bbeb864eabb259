/**
 * Settings of a Certificate that cert-manager or an authority refuses, or with which no server can be trusted.
 *
 * Sources: cert-manager, `internal/apis/certmanager/validation/certificate.go` (durations); CA/Browser Forum, baseline requirements 7.1.2.7 (`server auth`).
 */
import { secondsOf } from '../controllers/shared/durations.ts';
import { dnsNamesOf } from '../manifests/certificate.ts';
import type { Resource } from '../manifests/resource.ts';
import { VARIABLE } from '../net/variables.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { certificatesFor, covers } from '../surface/issuers.ts';
import { once } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type Json, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { keyFaults } from './shared/certificate-keys.ts';
import { type CertificateRequest, requestsOf } from './shared/certificate-requests.ts';
import { secretUses } from './shared/secret-uses.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'A certificate with settings that do not work',
  why: 'cert-manager or the authority refuses the request and the Secret is never written, or clients refuse the certificate that comes of it.',
  fix: 'correct the field, or remove it: the defaults suit a TLS server',
  find: (surface) =>
    requestsOf(surface).flatMap((request) => [
      ...durationFaults(request),
      ...keyFaults(request),
      ...usageFaults(request, surface),
      ...commonName(request),
      ...privateNames(request),
    ]),
};

/** Source: cert-manager, `certificaterequests/acme` (`If a commonName is set, ACME requires that the value is also present in the list of dnsNames`). */
function commonName({ resource, isAcme }: CertificateRequest): Fault[] {
  const common = stringAt(resource.json, ['spec', 'commonName']);
  if (resource.kind !== 'Certificate' || !isAcme || common === '') return [];
  const names = [
    ...dnsNamesOf(resource),
    ...strings(getIn(resource.json, ['spec', 'ipAddresses'])),
  ];
  if (names.includes(common) || VARIABLE.test(common)) return [];
  return [
    {
      resource,
      path: 'spec.commonName',
      message: `commonName ${common} is not among dnsNames: an ACME issuer refuses the request`,
      fix: 'take `commonName` away, or list it in `dnsNames`',
    },
  ];
}

/** No public authority has them. Sources: RFC 6761, RFC 6762, RFC 8375 and ICANN (`.internal`); Kubernetes DNS. */
const PRIVATE =
  /(?:^|\.)(?:local|localhost|internal|intranet|lan|corp|home|svc|test|invalid|home\.arpa)$/;

function privateNames({ resource, isPublic, names }: CertificateRequest): Fault[] {
  if (!isPublic) return [];
  return names
    .filter(({ name }) => PRIVATE.test(name) || (!name.includes('.') && /^[a-z0-9-]+$/.test(name)))
    .map(({ name, place }) => ({
      resource,
      path: place,
      message: `${name} is a name inside of networks, for which no public authority issues: the whole request is refused`,
      fix: 'take it away, or let an issuer with an authority of your own sign it',
    }));
}

const GO = { units: 'go' } as const;
const HOUR = 3600;
const DEFAULT_DURATION = 90 * 24 * HOUR;

function durationFaults({ resource, get }: CertificateRequest): Fault[] {
  const [duration, before, percentage] = [get('duration'), get('renewBefore'), get('percentage')];
  const whole = duration.value === undefined ? DEFAULT_DURATION : secondsIn(duration.value);
  const early = secondsIn(before.value);
  const shown =
    duration.value === undefined
      ? 'the 90 days that it lives by default'
      : `the ${asText(duration.value)} that it lives`;
  const unread = [duration, before].find(
    ({ value }) =>
      typeof value === 'string' && secondsIn(value) === undefined && !/[${<]/.test(value),
  );
  const faults: (Fault | undefined)[] = [
    unread && {
      path: unread.place,
      message: `${asText(unread.value)} is no duration that cert-manager reads: its longest unit is the hour`,
      fix: 'write hours, such as `2160h` for 90 days',
    },
    whole !== undefined && early !== undefined && early >= whole
      ? {
          path: before.place,
          message: `it is to be renewed ${asText(before.value)} before its end, which is no less than ${shown}`,
          fix: 'give `renewBefore` about a third of `duration`',
        }
      : undefined,
    whole !== undefined && whole < HOUR
      ? {
          path: duration.place,
          message: `it lives ${asText(duration.value)}, and cert-manager wants at least 1h`,
        }
      : undefined,
    early !== undefined && early < HOUR / 12
      ? {
          path: before.place,
          message: `it is to be renewed ${asText(before.value)} before its end, and cert-manager wants at least 5m`,
        }
      : undefined,
    before.value !== undefined && percentage.value !== undefined
      ? {
          path: percentage.place,
          message: 'it has both `renewBefore` and `renewBeforePercentage`',
          fix: 'remove one of them',
        }
      : undefined,
  ];
  return faults.flatMap((fault) => (fault ? [{ resource, ...fault }] : []));
}

function secondsIn(value: Json | undefined): number | undefined {
  return typeof value === 'string' ? secondsOf(value, GO) : undefined;
}

const SERVER_AUTH = 'server auth';

/** Extended usages: a certificate without any serves every purpose. */
const PURPOSES =
  /^(?:client auth|code signing|email protection|s\/mime|ipsec .*|timestamping|ocsp signing)$/;

/** Of certificates that servers show. */
function usageFaults({ resource, get }: CertificateRequest, surface: Surface): Fault[] {
  const [usages, isCA] = [get('usages'), get('isCA')];
  const listed = strings(usages.value);
  const isLimited =
    listed.some((usage) => PURPOSES.test(usage)) &&
    !listed.includes(SERVER_AUTH) &&
    !listed.includes('any');
  const isOfAuthority = asText(isCA.value) === 'true';
  if (!(isLimited || isOfAuthority) || !isServed(resource, surface)) return [];
  return [
    ...(isLimited
      ? [
          {
            resource,
            path: usages.place,
            message: `its usages are ${listed.join(', ')}: a server may not show it`,
            fix: `add \`${SERVER_AUTH}\``,
          },
        ]
      : []),
    ...(isOfAuthority
      ? [
          {
            resource,
            path: isCA.place,
            severity: 'warning' as const,
            message:
              'the certificate of a server is one of an authority: some clients refuse it, and whoever has its key signs for everything',
            fix: 'remove `isCA`, and let an issuer with a Secret of its own sign it',
          },
        ]
      : []),
  ];
}

/** Whether it is the certificate of an entry, or for the host of one. */
function isServed(resource: Resource, surface: Surface): boolean {
  if (resource.kind !== 'Certificate' || usedCertificates(surface).has(resource)) return true;
  const names = dnsNamesOf(resource);
  return surface.entries.some(({ hosts }) => hosts.some((host) => covers(names, host)));
}

const usedCertificates = once(
  (surface) =>
    new Set(
      secretUses(surface).flatMap(({ secretName, namespace }) =>
        certificatesFor(secretName, namespace, surface),
      ),
    ),
);
