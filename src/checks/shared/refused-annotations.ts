/**
 * Annotations of entries and Services with values that their program does not read.
 *
 * Sources: `controllers/shared/annotation-forms.ts`; cert-manager (one of `issuer` and `cluster-issuer`); external-dns, "Annotations" (`controller` other
 * than `dns-controller` is passed over; `ingress-hostname-source`).
 */
import type { ControllerName } from '../../controllers/index.ts';
import { ANNOTATION_FORMS } from '../../controllers/shared/annotation-forms.ts';
import type { Resource } from '../../manifests/resource.ts';
import { isTemplated } from '../../net/addresses.ts';
import type { Entry } from '../../surface/entry.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { EXTERNAL_DNS, HOST_ANNOTATIONS, otherEntries } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn } from '../../yaml/json.ts';

const NO_CERTIFICATE = 'cert-manager makes no certificate for it';

/** Of the entries that lead to one of our roles, and of the Services behind them. */
export function ofAnnotations(surface: Surface): Fault[] {
  const entries = surface.entries.filter(({ roles }) => roles.size > 0);
  const seen = new Map<Resource, readonly ControllerName[]>();
  for (const { resource, controllers, paths } of entries) {
    const services = paths.flatMap(({ backend, role }) => (role && backend.service) || []);
    for (const one of [resource, ...services]) seen.set(one, controllers);
  }
  for (const gateway of surface.gateways) seen.set(gateway, []);
  for (const { resource } of otherEntries(surface))
    if (resource.kind === 'Service' && !seen.has(resource)) seen.set(resource, []);
  return [...seen]
    .flatMap(([resource, controllers]) => [
      ...Object.keys(resource.annotations).flatMap((key) => judge(resource, key, controllers)),
      ...bothIssuers(resource),
      ...withoutRecord(resource),
    ])
    .concat(entries.flatMap((entry) => [...login(entry), ...snippets(entry, surface)]));
}

function judge(resource: Resource, key: string, controllers: readonly ControllerName[]): Fault[] {
  const row = ANNOTATION_FORMS.get(key);
  const text = resource.annotation(key)?.trim() ?? '';
  if (!row || text === '' || isTemplated(text) || row.test(text)) return [];
  if (row.controller && !(controllers.length === 1 && controllers[0] === row.controller)) return [];
  const [, name = ''] = key.split('/');
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      severity: row.severity,
      message: `${name} is ${text}, and it takes ${row.takes}: ${row.so}`,
      fix: `write one that ${name} takes: ${row.takes}`,
    },
  ];
}

const ISSUER = 'cert-manager.io/issuer';

function bothIssuers(resource: Resource): Fault[] {
  const other = 'cert-manager.io/cluster-issuer';
  if (!resource.annotation(ISSUER) || !resource.annotation(other)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${ISSUER}]`,
      message: `an Issuer and a ClusterIssuer are named: ${NO_CERTIFICATE}`,
      fix: `take one of them away: \`${ISSUER}\` or \`${other}\``,
    },
  ];
}

/** What keeps external-dns from making a record for the hosts. */
function withoutRecord(resource: Resource): Fault[] {
  return EXTERNAL_DNS.flatMap((prefix): Fault[] => {
    const controller = resource.annotation(`${prefix}/controller`);
    const at = (name: string) => ({
      resource,
      path: `metadata.annotations[${prefix}/${name}]`,
      severity: 'warning' as const,
    });
    if (controller !== undefined && controller !== 'dns-controller')
      return [
        {
          ...at('controller'),
          message: `controller is ${controller}, and external-dns makes records only where it is dns-controller, or not there`,
          fix: 'take the annotation away, unless another program makes the record',
        },
      ];
    const source = resource.annotation(`${prefix}/ingress-hostname-source`);
    const hasHost = HOST_ANNOTATIONS.some((key) => resource.annotation(key));
    if (source !== 'annotation-only' || hasHost || resource.kind !== 'Ingress') return [];
    return [
      {
        ...at('ingress-hostname-source'),
        message: `external-dns is told to read the annotation ${prefix}/hostname alone, which is not there: it makes no record`,
        fix: `add \`${prefix}/hostname\`, or take this annotation away`,
      },
    ];
  });
}

const NGINX = 'nginx.ingress.kubernetes.io';

/** Clients of gRPC follow no redirect. Source: ingress-nginx, "External OAUTH Authentication" (`auth-signin`: 302 in place of 401). */
function login({ resource, roles, controllers }: Entry): Fault[] {
  const key = `${NGINX}/auth-signin`;
  if (!roles.has('api') || !controllers.includes('ingress-nginx')) return [];
  if (!resource.annotation(key) || !resource.annotation(`${NGINX}/auth-url`)) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      message:
        'a call without a session is redirected to a page with a login, and gRPC clients follow no redirect',
      fix: 'take `auth-signin` away from the entry of the API, so that a call is answered with 401; clients send a token',
    },
  ];
}

/** Where the controller's ConfigMap is here. Source: ingress-nginx, "ConfigMap", `allow-snippet-annotations`. */
function snippets({ resource, controllers }: Entry, { manifests }: Surface): Fault[] {
  const found = ['configuration-snippet', 'server-snippet', 'auth-snippet'].find((name) =>
    resource.annotation(`${NGINX}/${name}`),
  );
  if (!found || !controllers.includes('ingress-nginx')) return [];
  const switched = manifests
    .find(['ConfigMap'], ['allow-snippet-annotations'])
    .map(({ json }) => asText(getIn(json, ['data', 'allow-snippet-annotations']) ?? ''));
  if (!switched.includes('false') || switched.includes('true')) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${NGINX}/${found}]`,
      message: `allow-snippet-annotations of the controller is false: an Ingress with ${found} is refused`,
      fix: 'use annotations for single settings, or let the controller allow snippets',
    },
  ];
}
