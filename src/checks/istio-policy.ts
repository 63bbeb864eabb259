/**
 * Policies of Istio that stop every request, or what they are for.
 *
 * Sources: Istio, "AuthorizationPolicy" (ALLOW without a rule allows nothing; DENY with an empty rule denies everything; of one Service, a
 * request has to match one of its ALLOW policies), "DestinationRule" (`connectionPool.http`, `tls.mode`).
 */
import { istioOfKind } from '../manifests/istio-objects.ts';
import { selectsPods } from '../manifests/label-selectors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { apiEndsTls } from '../surface/api-tls.ts';
import type { ServiceRole } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import { once } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type JsonObject, list, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { isOutOfMesh, meshFaults } from './shared/mesh.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A policy or a mark of a mesh that stops requests, or does nothing',
  why: 'Sidecars and gateways answer 403 to what no policy allows, and 503 to what is over a limit or meets the wrong choice of TLS.',
  fix: 'allow in `rules` whoever calls the program, and leave limits of connections to those that are needed',
  find: (surface) => [
    ...istioOfKind(surface.manifests, 'AuthorizationPolicy').flatMap((policy) =>
      onAuthorization(policy, surface),
    ),
    ...istioOfKind(surface.manifests, 'DestinationRule').flatMap((rule) => onRule(rule, surface)),
    ...meshFaults(surface),
  ],
};

const ROLES: readonly ServiceRole[] = ['api', 'envoy', 'ui'];
const CALLED = { api: 'the API server', envoy: 'Envoy', ui: 'the page' } as const;

/** The pods that requests of users reach, with what they are. */
const served = once((surface) =>
  ROLES.flatMap((role) =>
    surface
      .servicesOf(role)
      .flatMap((service) => surface.podsOf(service).map((pod) => ({ pod, what: CALLED[role] }))),
  ),
);

/** Istio's own namespace, whose policies without a selector hold everywhere. */
const ROOT = 'istio-system';

function holdsFor(policy: Resource, pod: Resource): boolean {
  const labels = getIn(policy.json, ['spec', 'selector', 'matchLabels']);
  const isAbout = isObject(labels) ? selectsPods({ matchLabels: labels }, pod) : true;
  if (policy.namespace === ROOT && !isObject(labels)) return true;
  return isAbout && sameNamespace(policy.namespace, pod.namespace);
}

function onAuthorization(policy: Resource, surface: Surface): Fault[] {
  // For what is attached to a Gateway or a Service by its name, pods do not tell.
  if (list(getIn(policy.json, ['spec', 'targetRefs'])).length > 0) return [];
  const action = stringAt(policy.json, ['spec', 'action']) || 'ALLOW';
  const rules = list(getIn(policy.json, ['spec', 'rules']));
  const isEmpty = rules.some((rule) => Object.keys(rule).length === 0);
  const deniesAll = action === 'DENY' && (isEmpty || rules.some(isEveryPost));
  const isPost = (rule: JsonObject) => {
    const to = list(rule['to']).map(({ operation }) => strings(getIn(operation, ['methods'])));
    return (
      to.length === 0 ||
      to.some((methods) => methods.length === 0 || methods.some((one) => /^(?:POST|\*)$/.test(one)))
    );
  };
  const allowsNobody = action === 'ALLOW' && !rules.some(isPost);
  if (!deniesAll && !allowsNobody) return [];
  const shut = served(surface)
    .filter(({ pod }) => holdsFor(policy, pod))
    .filter(({ pod }) => deniesAll || !isAllowedBeside(policy, pod, surface));
  if (shut.length === 0) return [];
  const what = [...new Set(shut.map((one) => one.what))].join(', ');
  return [
    {
      resource: policy,
      path: deniesAll ? 'spec.rules' : 'spec',
      message: deniesAll
        ? `it denies every ${isEmpty ? 'request' : 'call'} to ${what}: ${isEmpty ? 'an empty rule matches all of them' : 'calls are POST, which a rule names without anything besides'}`
        : `it allows no request to ${what}: ${rules.length === 0 ? 'it has no rule' : 'calls are POST, which none of its rules has among `methods`'}, and no other policy here allows one`,
      fix: deniesAll
        ? 'say in the rule what is denied, or remove it'
        : 'add `rules` for the callers, or another AuthorizationPolicy that allows them',
    },
  ];
}

/** Whether a rule is for calls and asks for nothing else. */
function isEveryPost(rule: JsonObject): boolean {
  return (
    Object.keys(rule).every((key) => key === 'to') &&
    list(rule['to']).some(({ operation }) => {
      const asked = isObject(operation) ? Object.keys(operation) : [];
      const methods = strings(getIn(operation, ['methods']));
      return (
        asked.every((key) => key === 'methods') && methods.some((one) => /^(?:POST|\*)$/.test(one))
      );
    })
  );
}

/** A policy that shuts all, with others that open what is needed, is how it is meant. */
function isAllowedBeside(policy: Resource, pod: Resource, surface: Surface): boolean {
  return istioOfKind(surface.manifests, 'AuthorizationPolicy').some(
    (other) =>
      other !== policy &&
      (stringAt(other.json, ['spec', 'action']) || 'ALLOW') === 'ALLOW' &&
      list(getIn(other.json, ['spec', 'rules'])).length > 0 &&
      (list(getIn(other.json, ['spec', 'targetRefs'])).length > 0 || holdsFor(other, pod)),
  );
}

/** Each limit, with the most at which two or three callers stop each other. */
const LIMITS = [
  { path: ['http', 'http2MaxRequests'], few: 4, low: 31 },
  { path: ['http', 'http1MaxPendingRequests'], few: 0, low: 3 },
] as const;

function onRule(rule: Resource, surface: Surface): Fault[] {
  const host = stringAt(rule.json, ['spec', 'host']);
  const address = parseServiceAddress(host);
  if (!address) return [];
  const home = address.namespace ?? rule.namespace;
  const ours = ROLES.flatMap((role) => surface.servicesOf(role));
  const service = ours.find(
    (one) => one.name === address.name && sameNamespace(one.namespace, home),
  );
  if (!service) {
    const isThere = surface.manifests.named('Service', address.name, home) !== undefined;
    const near = isThere
      ? undefined
      : ours.find(
          (one) => sameNamespace(one.namespace, home) && areNearNames(one.name, address.name),
        );
    if (!near) return [];
    return [
      {
        resource: rule,
        path: 'spec.host',
        severity: 'warning',
        message: `there is no Service ${address.name} in namespace ${home}; Service ${near.name} is there, and nothing of the rule holds for it`,
        fix: `write \`${near.name}\` in its place`,
      },
    ];
  }
  const pool = ['spec', 'trafficPolicy', 'connectionPool'];
  const limits = LIMITS.flatMap(({ path, few, low }): Fault[] => {
    const value = getIn(rule.json, [...pool, ...path]);
    // Zero stands for the default in Istio.
    if (typeof value !== 'number' || value === 0 || value > Math.max(few, low)) return [];
    return [
      {
        resource: rule,
        path: [...pool, ...path].join('.'),
        severity: value > few ? 'warning' : undefined,
        message: `${path.at(-1)} is ${value}: more calls to Service ${service.name} at one time are answered with 503, watches among them`,
        fix: 'take the limit away: the default is above what is served',
      },
    ];
  });
  return [...limits, ...onTls(rule, service, surface)];
}

/** The policy by which sidecars of all pods of a Service refuse plain text. Source: Istio, "PeerAuthentication": that of the pods, of the namespace, of the mesh. */
function strictFor(service: Resource, surface: Surface): Resource | undefined {
  const policies = istioOfKind(surface.manifests, 'PeerAuthentication');
  const deciding = surface.podsOf(service).map((pod) => {
    const holding = policies.filter((policy) => holdsFor(policy, pod));
    const isSelecting = ({ json }: Resource) => isObject(getIn(json, ['spec', 'selector']));
    return (
      holding.find(isSelecting) ??
      holding.find((policy) => policy.namespace === pod.namespace) ??
      holding[0]
    );
  });
  const isStrict = (policy: Resource | undefined) =>
    stringAt(policy?.json, ['spec', 'mtls', 'mode']) === 'STRICT' &&
    getIn(policy?.json, ['spec', 'portLevelMtls']) === undefined;
  return deciding.every(isStrict) ? deciding[0] : undefined;
}

/** The mesh speaks TLS of its own to sidecars; with SIMPLE the program itself has to end it. */
function onTls(rule: Resource, service: Resource, surface: Surface): Fault[] {
  const mode = stringAt(rule.json, ['spec', 'trafficPolicy', 'tls', 'mode']);
  const pods = surface.podsOf(service);
  const outside = pods.find((pod) => isOutOfMesh(pod, surface));
  if (mode === 'ISTIO_MUTUAL' && outside)
    return [
      {
        resource: rule,
        path: 'spec.trafficPolicy.tls.mode',
        message: `tls.mode is ISTIO_MUTUAL, and the pods of ${outside.kind} ${outside.name} get no sidecar, which would have to answer: every call to Service ${service.name} from inside of the mesh fails with 503`,
        fix: 'let the pods have a sidecar, or write `mode: DISABLE`',
      },
    ];
  const isPage = surface.servicesOf('ui').includes(service);
  const isPlain =
    isPage || (surface.apiServices.includes(service) && !apiEndsTls(service, surface));
  const strict = mode === 'DISABLE' ? strictFor(service, surface) : undefined;
  if (strict)
    return [
      {
        resource: rule,
        path: 'spec.trafficPolicy.tls.mode',
        message: `tls.mode is DISABLE, with which Service ${service.name} is called in plain text, and PeerAuthentication ${strict.name} takes TLS of the mesh alone: connections are reset`,
        fix: 'write `ISTIO_MUTUAL`, or take `tls` away',
      },
    ];
  if (!['SIMPLE', 'MUTUAL'].includes(mode) || !isPlain) return [];
  return [
    {
      resource: rule,
      path: 'spec.trafficPolicy.tls.mode',
      severity: 'warning',
      message: `tls.mode is ${mode}, with which Service ${service.name} is called with TLS, and ${isPage ? 'the page is served in plain text unless its image is told otherwise' : 'nothing shows that its pods end TLS'}`,
      fix: 'write `ISTIO_MUTUAL`, or take `tls` away',
    },
  ];
}
