/**
 * Headers that something on the way takes away; a content-type that is replaced is lost as well.
 *
 * Sources: Envoy's `config.route.v3` (`request_headers_to_remove`, `response_headers_to_remove`) and `header_mutation.v3`; Gateway API,
 * HTTPHeaderFilter; Traefik, "Headers" (an empty value takes the header away); Kong, "Request Transformer" and "Response Transformer";
 * Contour, HTTPProxy `HeadersPolicy`; Istio, VirtualService `Headers`; nginx, `proxy_set_header`, `grpc_set_header`, `proxy_hide_header`, `grpc_hide_header`.
 */
import { type Located, messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { KONG_PLUGINS, middlewaresOf } from '../../manifests/middleware.ts';
import type { Resource } from '../../manifests/resource.ts';
import { rulesOf } from '../../manifests/route.ts';
import { apiManagers } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { otherEntries } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import {
  asText,
  getIn,
  isObject,
  type Json,
  type JsonObject,
  list,
  objectAt,
  strings,
} from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Which way the headers go: to the program behind, or back to who asked. */
export type Direction = 'request' | 'response';

/** One place that takes headers away, and the names in it, in lower case. */
export interface Removal {
  direction: Direction;
  names: readonly string[];
  /** Where it stands, without a message. */
  at: Fault;
  /** Behind the filters of Envoy, which have read what is theirs. */
  isBehindEnvoy: boolean;
}

const DIRECTIONS = ['request', 'response'] as const;

/** Every place that takes headers away on the ways to our roles. Which of them are missed is for the checks to say. */
export function removals(surface: Surface): Removal[] {
  return [...inEnvoy(surface), ...inEntries(surface), ...inOthers(surface)];
}

function inEnvoy(surface: Surface): Removal[] {
  return apiManagers(surface).flatMap(({ target, manager, hosts }) => {
    const owners = [
      ...objectIn(manager, ['route_config']),
      ...hosts.flatMap(({ host, routes }) => [host, ...routes]),
    ];
    const mutations = objectsIn(manager, ['http_filters'])
      .filter(({ value }) => value['disabled'] !== true)
      .flatMap((filter) => messageIn(filter, ['typed_config']))
      .filter(({ value }) => typeName(value) === 'HeaderMutation')
      .flatMap((config) => objectIn(config, ['mutations']));
    return DIRECTIONS.flatMap((direction) => {
      const made = (place: Located, key: string, names: readonly string[]): Removal[] =>
        names.length === 0
          ? []
          : [
              {
                direction,
                names: names.map((name) => name.toLowerCase()),
                at: inDocument(target, [...place.path, key], { message: '' }),
                isBehindEnvoy: true,
              },
            ];
      return [
        ...owners.flatMap((owner) => {
          const key = `${direction}_headers_to_remove`;
          return made(owner, key, strings(owner.value[key]));
        }),
        ...mutations.flatMap((place) => {
          const key = `${direction}_mutations`;
          const names = objectsIn(place, [key]).flatMap(({ value }) => strings([value['remove']]));
          return made(place, key, names);
        }),
      ];
    });
  });
}

function inEntries(surface: Surface): Removal[] {
  return surface.entries
    .filter(({ roles }) => roles.has('api') || roles.has('envoy'))
    .flatMap(({ resource, form }) =>
      form === 'route'
        ? inRoute(resource)
        : [
            ...middlewaresOf(resource, surface.manifests).flatMap((one) => inMiddleware(one)),
            ...inPlugins(resource, surface),
            ...inSnippets(resource),
          ],
    );
}

function made(resource: Resource, path: string, direction: Direction, names: string[]): Removal[] {
  const lower = names.map((name) => name.toLowerCase());
  const at = { resource, path, message: '' };
  return names.length === 0 ? [] : [{ direction, names: lower, at, isBehindEnvoy: false }];
}

const FILTERS = new Map<string, { key: string; direction: Direction }>([
  ['RequestHeaderModifier', { key: 'requestHeaderModifier', direction: 'request' }],
  ['ResponseHeaderModifier', { key: 'responseHeaderModifier', direction: 'response' }],
]);

function inRoute(route: Resource): Removal[] {
  return rulesOf(route).flatMap((rule, index) => {
    const places = [
      { owner: rule, path: ['spec', 'rules', index] },
      ...list(rule['backendRefs']).map((owner, at) => ({
        owner,
        path: ['spec', 'rules', index, 'backendRefs', at],
      })),
    ];
    return places.flatMap(({ owner, path }) =>
      list(owner['filters']).flatMap((filter, position) => {
        const known = FILTERS.get(asText(filter['type']));
        if (!known) return [];
        return ['remove', 'set', 'add'].flatMap((verb) => {
          const written = getIn(filter, [known.key, verb]);
          const names =
            verb === 'remove'
              ? strings(written ?? null)
              : list(written)
                  .filter(isOtherType)
                  .map(({ name }) => asText(name));
          const place = toPath([...path, 'filters', position, known.key, verb]);
          return made(route, place, known.direction, names);
        });
      }),
    );
  });
}

/** A type in place of that of the call. */
function isOtherType({ name, value }: JsonObject): boolean {
  return /^content-type$/i.test(asText(name)) && !/^application\/grpc/i.test(asText(value));
}

function inMiddleware(middleware: Resource | undefined): Removal[] {
  if (!middleware) return [];
  return DIRECTIONS.flatMap((direction) => {
    const key = direction === 'request' ? 'customRequestHeaders' : 'customResponseHeaders';
    const headers = objectAt(middleware.json, ['spec', 'headers', key]);
    const emptied = Object.entries(headers).filter(
      ([name, value]) => value === '' || isOtherType({ name, value: value ?? null }),
    );
    return made(
      middleware,
      `spec.headers.${key}`,
      direction,
      emptied.map(([name]) => name),
    );
  });
}

const PLUGINS = new Map<string, Direction>([
  ['request-transformer', 'request'],
  ['response-transformer', 'response'],
]);

function inPlugins(ingress: Resource, { manifests }: Surface): Removal[] {
  const names = (ingress.annotation(KONG_PLUGINS) ?? '').split(',');
  return names.flatMap((name) => {
    const plugin = manifests.named('KongPlugin', name.trim(), ingress.namespace);
    const direction = PLUGINS.get(asText(plugin?.json['plugin']));
    if (!plugin || !direction) return [];
    // A rule may be for one value: `name:value`.
    const removed = strings(getIn(plugin.json, ['config', 'remove', 'headers']));
    return made(plugin, 'config.remove.headers', direction, removed);
  });
}

const SNIPPET =
  /^(?:nginx\.ingress\.kubernetes\.io|nginx\.org)\/(?:configuration|location|server)-snippets?$/;
const LINES = {
  request:
    /\b(?:proxy|grpc)_set_header\s+([\w-]+)\s+(?:""|'')\s*;|\bmore_clear_input_headers\s+["']?([\w-]+)/g,
  response: /\b(?:proxy|grpc)_hide_header\s+["']?([\w-]+)|\bmore_clear_headers\s+["']?([\w-]+)/g,
} as const;

function inSnippets(ingress: Resource): Removal[] {
  return Object.entries(ingress.annotations)
    .filter(([key]) => SNIPPET.test(key))
    .flatMap(([key, text]) =>
      DIRECTIONS.flatMap((direction) => {
        const names = [...asText(text).matchAll(LINES[direction])].map(
          ([, one, other]) => one ?? other ?? '',
        );
        return made(ingress, `metadata.annotations[${key}]`, direction, names);
      }),
    );
}

/** By kind, the key of each direction's part, and the list in it. */
const OF_OTHERS: Readonly<Record<string, (value: Json, direction: Direction) => Json | undefined>> =
  {
    HTTPProxy: (value, direction) => getIn(value, [`${direction}HeadersPolicy`, 'remove']),
    VirtualService: (value, direction) => getIn(value, ['headers', direction, 'remove']),
  };

function inOthers(surface: Surface): Removal[] {
  const ours = otherEntries(surface).filter(({ role }) => role !== 'ui');
  return [...new Set(ours.map(({ resource }) => resource))].flatMap((resource) => {
    const read = OF_OTHERS[resource.kind];
    const routes = resource.kind === 'HTTPProxy' ? 'routes' : 'http';
    if (!read) return [];
    return list(getIn(resource.json, ['spec', routes])).flatMap((route, index) =>
      DIRECTIONS.flatMap((direction) => {
        const names = strings(isObject(route) ? (read(route, direction) ?? null) : null);
        return made(resource, `spec.${routes}[${index}]`, direction, names);
      }),
    );
  });
}
