import type { Resource } from '../manifests/resource.ts';
import { isTemplated } from '../net/addresses.ts';
import { asRange, cidrFault } from '../net/cidrs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type Json, list, objectAt, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

/**
 * Sources: ingress-nginx, "Whitelist source range" and its `ipallowlist` parser, which denies the location where it reads nothing; HAProxy
 * Ingress and haproxytech, "allow-list"; AWS Load Balancer Controller, `inbound-cidrs`; Kubernetes, ServiceSpec; Traefik, "IPAllowList"; Kong,
 * "IP Restriction"; F5, "AccessControl"; Envoy Gateway, SecurityPolicy; Istio, AuthorizationPolicy; Contour, `ipAllowPolicy`.
 */
export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A list of addresses that is not read as one, or shuts everybody out',
  why: 'A controller that cannot read an entry of the list leaves it out, refuses the whole list, or answers everybody with an error: those who were meant are shut out, or others let in.',
  fix: 'write addresses in CIDR notation, with commas between them where they stand in an annotation',
  find: (surface) => [
    ...inAnnotations(surface),
    ...inFields(surface),
    ...inSnippets(surface),
    ...denied(surface),
  ],
};

/** Source: Envoy Gateway, "SecurityPolicy" (`authorization.defaultAction`: Deny unless a rule allows). */
function denied(surface: Surface): Fault[] {
  const ours = surface.entries.filter(({ roles }) => roles.size > 0);
  return surface.manifests.ofKind('SecurityPolicy').flatMap((policy): Fault[] => {
    const authorization = objectAt(policy.json, ['spec', 'authorization']);
    const isDenied =
      Object.keys(authorization).length > 0 &&
      (authorization['defaultAction'] ?? 'Deny') === 'Deny';
    const isAllowed = list(authorization['rules']).some(({ action }) => action === 'Allow');
    const targets = list(getIn(policy.json, ['spec', 'targetRefs']));
    const meant = ours.find(
      ({ resource }) =>
        resource.namespace === policy.namespace &&
        targets.some(({ kind, name }) => kind === resource.kind && name === resource.name),
    );
    if (!isDenied || isAllowed || !meant) return [];
    return [
      {
        resource: policy,
        path: 'spec.authorization',
        message: `it denies every request of ${meant.resource.kind} ${meant.resource.name}: no rule allows one`,
        fix: 'add a rule with `action: Allow` for whoever is meant',
      },
    ];
  });
}

/** Whether an address alone is an entry, or only a range is. */
type Form = 'range' | 'either';

/** What stands behind the slash of the key. */
const ANNOTATIONS: Readonly<Record<string, { prefixes: RegExp; form: Form }>> = {
  'whitelist-source-range': { prefixes: /nginx|haproxy-ingress|^ingress\.kub/, form: 'either' },
  'allowlist-source-range': { prefixes: /nginx|haproxy-ingress/, form: 'either' },
  'denylist-source-range': { prefixes: /nginx|haproxy-ingress/, form: 'either' },
  'allow-list': { prefixes: /^haproxy\.org$/, form: 'either' },
  'deny-list': { prefixes: /^haproxy\.org$/, form: 'either' },
  whitelist: { prefixes: /^haproxy\.org$/, form: 'either' },
  blacklist: { prefixes: /^haproxy\.org$/, form: 'either' },
  'inbound-cidrs': { prefixes: /^alb\./, form: 'range' },
  'load-balancer-source-ranges': { prefixes: /^service\.beta\.kubernetes\.io$/, form: 'range' },
};

function inAnnotations({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Ingress', 'Service').flatMap((resource) =>
    Object.entries(resource.annotations).flatMap(([key, value]) => {
      const [prefix = '', name = ''] = key.split('/');
      const known = Object.hasOwn(ANNOTATIONS, name) ? ANNOTATIONS[name] : undefined;
      if (!known?.prefixes.test(prefix) || typeof value !== 'string' || value.trim() === '')
        return [];
      // A file of the controller, or something that is filled in later, with commas of its own.
      if (value.startsWith('patterns/') || isTemplated(value)) return [];
      const parts = value.split(',').map((part) => part.trim().replace(/^!/, ''));
      return judged(resource, `metadata.annotations[${key}]`, parts, known.form, name);
    }),
  );
}

const SNIPPET =
  /^nginx\.(?:ingress\.kubernetes\.io|org)\/(?:configuration|location|server)-snippets?$/;

/** Lines of nginx that turn everybody away, outside of any condition. */
function inSnippets({ entries }: Surface): Fault[] {
  const ours = entries.filter(({ form, roles }) => form === 'ingress' && roles.size > 0);
  return ours.flatMap(({ resource }) =>
    Object.entries(resource.annotations).flatMap(([key, value]): Fault[] => {
      const text = asText(value).replace(/#.*/g, '');
      const [line] = /\breturn\s+[45]\d\d\b[^;]*;|\bdeny\s+all\s*;/.exec(text) ?? [];
      if (!SNIPPET.test(key) || line === undefined || /[{]|\ballow\b|\bsatisfy\b/.test(text))
        return [];
      return [
        {
          resource,
          path: `metadata.annotations[${key}]`,
          message: `\`${line}\` stands there for every request`,
          fix: 'take the line away, or put it under the condition that is meant',
        },
      ];
    }),
  );
}

const FIELDS: readonly { kind: string; path: readonly string[]; form: Form }[] = [
  { kind: 'Service', path: ['spec', 'loadBalancerSourceRanges'], form: 'range' },
  { kind: 'Middleware', path: ['spec', 'ipAllowList', 'sourceRange'], form: 'either' },
  { kind: 'Middleware', path: ['spec', 'ipWhiteList', 'sourceRange'], form: 'either' },
  { kind: 'KongPlugin', path: ['config', 'allow'], form: 'either' },
  { kind: 'KongPlugin', path: ['config', 'deny'], form: 'either' },
  { kind: 'Policy', path: ['spec', 'accessControl', 'allow'], form: 'either' },
  { kind: 'Policy', path: ['spec', 'accessControl', 'deny'], form: 'either' },
];

/** Lists that stand somewhere below, by their own key. */
const BELOW: readonly { kind: string; keys: readonly string[]; form: Form }[] = [
  { kind: 'SecurityPolicy', keys: ['clientCIDRs'], form: 'range' },
  {
    kind: 'AuthorizationPolicy',
    keys: ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'],
    form: 'either',
  },
];

function inFields({ manifests }: Surface): Fault[] {
  const fixed = FIELDS.flatMap(({ kind, path, form }) =>
    manifests
      .ofKind(kind)
      .filter(({ json }) => kind !== 'KongPlugin' || json['plugin'] === 'ip-restriction')
      .flatMap((resource) => {
        const parts = strings(getIn(resource.json, path));
        return judged(resource, toPath(path), parts, form, path.at(-1) ?? '');
      }),
  );
  const below = BELOW.flatMap(({ kind, keys, form }) =>
    manifests
      .ofKind(kind)
      .flatMap((resource) =>
        listsIn(resource.json['spec'], keys, ['spec']).flatMap(({ path, parts }) =>
          judged(resource, toPath(path), parts, form, String(path.at(-1))),
        ),
      ),
  );
  return [...fixed, ...below];
}

interface Found {
  path: (string | number)[];
  parts: string[];
}

function listsIn(
  value: Json | undefined,
  keys: readonly string[],
  path: (string | number)[],
): Found[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => listsIn(item, keys, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    keys.includes(key)
      ? [{ path: [...path, key], parts: strings(item) }]
      : listsIn(item, keys, [...path, key]),
  );
}

/** By key of an annotation or kind: lists of those who are turned away, or let in. */
const DENYING = /^(?:denylist-source-range|deny-list|blacklist|deny)$/;

function everybody(parts: readonly string[], name: string): string | undefined {
  const ranges = parts.filter((part) => part.includes('/'));
  const isAll = (part: string) => /^(?:0(?:\.0){0,3}|::)\/0$/.test(part);
  const isOwn = (part: string) => /^(?:127\.|::1(?:\/128)?$)/.test(part);
  if (DENYING.test(name)) return ranges.find(isAll);
  return parts.length > 0 && parts.every(isOwn) ? parts[0] : undefined;
}

function shutting(resource: Resource, path: string, parts: string[], name: string): Fault[] {
  const part = everybody(parts, name);
  if (part === undefined) return [];
  const isDenied = DENYING.test(name);
  return [
    {
      resource,
      path,
      message: isDenied
        ? `${name} has \`${part}\`, which is everybody`
        : `${name} has \`${parts.join(',')}\` alone, from where no request comes in`,
      fix: isDenied ? 'deny the ranges that are meant' : 'add the ranges of those who are meant',
    },
  ];
}

function judged(
  resource: Resource,
  path: string,
  parts: string[],
  form: Form,
  name: string,
): Fault[] {
  const shut = shutting(resource, path, parts, name);
  if (shut.length > 0) return shut;
  return parts.flatMap((part): Fault[] => {
    const fault = cidrFault(form === 'either' ? asRange(part) : part);
    // What is filled in later cannot be judged.
    if (!fault || isTemplated(part)) return [];
    const several = part.split(/[\s;|]+/).filter(Boolean);
    const isList = several.length > 1 && several.every((one) => !cidrFault(asRange(one)));
    return [
      {
        resource,
        path,
        message: `${name} has \`${part}\`, which ${isList ? 'is no list: its parts are not divided by commas' : fault.reason}`,
        fix: isList
          ? `write \`${several.join(',')}\``
          : fault.suggestion === undefined
            ? undefined
            : `write \`${fault.suggestion}\``,
      },
    ];
  });
}
