import { isSwitchedOn } from '../envoy/cors.ts';
import { groupOf, sameNamespace } from '../manifests/manifests.ts';
import { KONG_PLUGINS, MIDDLEWARES, middlewaresOf } from '../manifests/middleware.ts';
import type { Entry } from '../surface/entry.ts';
import { apiVirtualHosts } from '../surface/envoy-api.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { crossingFrom } from '../surface/page-origin.ts';
import { publicSide } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, list, objectAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

/**
 * Sources: ingress-nginx's `nginx.tmpl` (`more_set_headers`: it takes the place of the backend's header), "Enable CORS"; HAProxy Ingress and
 * haproxytech/kubernetes-ingress (`http-response set-header`); Traefik, "Headers"; Kong's plugin `cors`; nginx, `add_header` (beside the
 * backend's); Gateway API, `HTTPHeaderFilter` (`add` beside, `set` in place of it); Fetch standard, "CORS check": two values are refused.
 */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Both the entry and Envoy answer for CORS',
  why: "An entry with CORS of its own answers preflights itself and writes its headers over Envoy's, so that Envoy's policy counts for nothing; one that adds a header leaves two `Access-Control-Allow-Origin`, which browsers refuse.",
  fix: "take CORS out of the entry: Envoy's policy has what gRPC-Web needs",
  find: (surface) => {
    const hasPolicy = apiVirtualHosts(surface).some(
      ({ policies, calls }) => policies.some(({ isOn }) => isOn) && calls.some(isSwitchedOn),
    );
    if (!hasPolicy) return [];
    const isCrossing = (publicSide(surface, 'ui', 'envoy')?.hosts ?? []).some(
      (host) => crossingFrom(host, surface) === 'cross',
    );
    return surface.entriesOf('envoy').flatMap((entry) => {
      const found = adding(entry) ?? replacing(entry, surface);
      if (!found) return [];
      const { isCertain, ...fault } = found;
      return [
        {
          resource: entry.resource,
          ...fault,
          severity: isCertain && isCrossing ? undefined : 'warning',
        },
      ];
    });
  },
};

interface Found extends Pick<Fault, 'path' | 'message'> {
  /** Whether a page at another origin certainly makes no call. */
  isCertain: boolean;
}

const HEADER = 'Access-Control-Allow-Origin';
const ADD_HEADER = /\badd_header\s+["']?Access-Control-Allow-Origin\b/i;

/** A second header beside Envoy's. */
function adding({ resource }: Entry): Found | undefined {
  for (const [key, value] of Object.entries(resource.annotations))
    if (/snippets?$/.test(key) && ADD_HEADER.test(asText(value)))
      return {
        path: `metadata.annotations[${key}]`,
        message: `a snippet adds ${HEADER}, and Envoy sends one: browsers refuse two`,
        isCertain: true,
      };
  for (const { path, filter } of filtersOf(resource.json)) {
    const added = list(getIn(filter, ['responseHeaderModifier', 'add']));
    if (added.some(({ name }) => asText(name).toLowerCase() === HEADER.toLowerCase()))
      return {
        path,
        message: `a filter adds ${HEADER}, and Envoy sends one: browsers refuse two`,
        isCertain: true,
      };
  }
  return undefined;
}

/** Switches of CORS, with whether the list of headers that is allowed without one of its own lacks what pages send. */
const SWITCHES: Readonly<Record<string, { headers: string; isShort: boolean }>> = {
  'nginx.ingress.kubernetes.io/enable-cors': {
    headers: 'nginx.ingress.kubernetes.io/cors-allow-headers',
    isShort: true,
  },
  'haproxy-ingress.github.io/cors-enable': {
    headers: 'haproxy-ingress.github.io/cors-allow-headers',
    isShort: true,
  },
  'haproxy.org/cors-enable': { headers: 'haproxy.org/cors-allow-headers', isShort: false },
};

/** Headers of the entry's own in place of Envoy's. */
function replacing(entry: Entry, surface: Surface): Found | undefined {
  const { resource } = entry;
  const instead = "in place of Envoy's policy";
  for (const [key, { headers, isShort }] of Object.entries(SWITCHES)) {
    if (!/^(?:true|on|enabled)$/i.test(resource.annotation(key) ?? '')) continue;
    const isDefault = isShort && resource.annotation(headers) === undefined;
    return {
      path: `metadata.annotations[${key}]`,
      message: `the entry answers preflights and sets the headers of CORS itself, ${instead}${isDefault ? `: without ${headers.split('/')[1]} it refuses x-grpc-web, rpc-caller and others that the page sends` : ''}`,
      isCertain: isDefault,
    };
  }
  for (const { path, filter } of filtersOf(resource.json))
    if (filter['type'] === 'CORS')
      return {
        path,
        message: `a filter of the route answers for CORS, ${instead}`,
        isCertain: false,
      };
  return byPlugin(entry, surface, instead);
}

function byPlugin({ resource }: Entry, surface: Surface, instead: string): Found | undefined {
  const { manifests } = surface;
  const here = (kind: string, group: RegExp) =>
    manifests
      .ofKind(kind)
      .filter(
        (one) => group.test(groupOf(one)) && sameNamespace(one.namespace, resource.namespace),
      );
  const says = (key: string, name: string) =>
    (resource.annotation(key) ?? '')
      .split(',')
      .map((part) => part.trim().replace(/@kubernetescrd$/, ''))
      .some((part) => part === name || part === `${resource.namespace}-${name}`);
  const kong = here('KongPlugin', /konghq\.com$/).find(
    ({ json, name }) => json['plugin'] === 'cors' && says(KONG_PLUGINS, name),
  );
  const traefik = middlewaresOf(resource, manifests).find((middleware) =>
    Object.keys(objectAt(middleware?.json, ['spec', 'headers'])).some((field) =>
      /^accessControlAllowOrigin/.test(field),
    ),
  );
  const found = kong ?? traefik;
  return (
    found && {
      path: `metadata.annotations[${kong ? KONG_PLUGINS : MIDDLEWARES}]`,
      message: `${found.kind} ${found.name} answers for CORS, ${instead}`,
      isCertain: false,
    }
  );
}

function filtersOf(json: unknown) {
  return list(getIn(json, ['spec', 'rules'])).flatMap((rule, index) =>
    list(rule['filters']).map((filter, at) => ({
      path: `spec.rules[${index}].filters[${at}]`,
      filter,
    })),
  );
}
