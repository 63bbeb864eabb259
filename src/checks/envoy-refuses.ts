import {
  adminOf,
  boundAddress,
  connectionManagers,
  endpointsOf,
  type Located,
  objectsAt,
  portOf,
  virtualHosts,
} from '../envoy/bootstrap.ts';
import { isEnum } from '../envoy/proto-json.ts';
import { isIp, isTemplated } from '../net/addresses.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { asText, getIn, isObject, type Json, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { brokenConstraints } from './shared/envoy-constraints.ts';
import { type Refusal, refusalsIn } from './shared/envoy-refusals.ts';
import { slipsIn } from './shared/envoy-slips.ts';
import { startRefusals } from './shared/envoy-start.ts';

/** Each tried with Envoy 1.40. More is said by Envoy itself, where `check` has one: see `envoy-verdict`. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy does not start with its config',
  why: 'Envoy reads its whole config before it listens, and ends where one field, address or name of it cannot be: with it the page and all calls are down.',
  fix: 'correct it, and ask Envoy itself: `envoy --mode validate -c envoy.yaml`',
  find: (surface) =>
    surface.envoys.flatMap((target) => {
      const json = jsonOf(target);
      const found = [
        ...twiceTaken(json),
        ...withoutAddress(json),
        ...sharedPorts(json),
        ...slipsIn(json),
        ...refusalsIn(json),
        ...brokenConstraints(json),
        ...startRefusals(target, surface),
      ];
      return found.map(({ path, message, fix }) => inDocument(target, path, { message, fix }));
    }),
};

/** Source: Envoy's `VirtualHost.domains`: "Only unique values are permitted". */
function twiceTaken(json: Json | undefined): Refusal[] {
  return connectionManagers(json).flatMap((manager) => {
    const known = new Map<string, string>();
    return virtualHosts(json, manager).flatMap(({ path, value }): Refusal[] => {
      const name = asText(value['name']);
      return strings(value['domains']).flatMap((domain, at) => {
        const other = known.get(domain.toLowerCase());
        known.set(domain.toLowerCase(), other ?? name);
        if (other === undefined) return [];
        return [
          {
            path: [...path, 'domains', at],
            message: `virtual host ${other} has the domain ${domain} already: each may be there once`,
            fix: `take it away here, or put the routes into ${other}`,
          },
        ];
      });
    });
  });
}

/** Source: Envoy's `Cluster.DiscoveryType`: STATIC, the default, takes addresses; LOGICAL_DNS one name. */
function withoutAddress(json: Json | undefined): Refusal[] {
  return objectsAt(json, ['static_resources', 'clusters']).flatMap((cluster): Refusal[] => {
    const { path, value } = cluster;
    if (isObject(value['cluster_type']) || !isObject(value['load_assignment'])) return [];
    const type = value['type'] ?? 'STATIC';
    const endpoints = endpointsOf(json, cluster);
    const place = [...path, 'type'];
    const name = asText(value['name']);
    if (isEnum(type, 'LOGICAL_DNS', 2) && endpoints.length > 1)
      return [
        {
          path: place,
          message: `cluster ${name} is LOGICAL_DNS, which takes one endpoint, and has ${endpoints.length}`,
          fix: 'write `type: STRICT_DNS`',
        },
      ];
    const named = endpoints.map((one) => stringAt(one.value, ['address'])).find(isName);
    if (!isEnum(type, 'STATIC', 0) || named === undefined) return [];
    if (endpoints.some((one) => stringAt(one.value, ['resolver_name']) !== '')) return [];
    return [
      {
        path: place,
        message: `cluster ${name} is STATIC, which takes IP addresses alone, and has ${named}`,
        fix: 'write `type: STRICT_DNS`',
      },
    ];
  });
}

function isName(address: string): boolean {
  return address !== '' && !isIp(address) && !isTemplated(address);
}

function sharedPorts(json: Json | undefined): Refusal[] {
  const known = new Map<string, string>();
  const keyOf = ({ value }: Located) => {
    const protocol = getIn(value, ['address', 'socket_address', 'protocol']) ?? 'TCP';
    const isApart = value['bind_to_port'] === false || portOf(value) === 0;
    const address = boundAddress({ path: [], value });
    return isApart || !address || !portOf(value)
      ? undefined
      : `${asText(protocol)} ${address}:${portOf(value)}`;
  };
  const listeners = objectsAt(json, ['static_resources', 'listeners']).map((listener) => ({
    listener,
    what: `listener ${asText(listener.value['name'] ?? '')}`.trim(),
  }));
  const admin = adminOf(json);
  return [
    ...listeners,
    ...(admin ? [{ listener: admin, what: 'the admin interface' }] : []),
  ].flatMap(({ listener, what }): Refusal[] => {
    const key = keyOf(listener);
    const other = key && known.get(key);
    if (key && !other) known.set(key, what);
    if (!key || !other) return [];
    return [
      {
        path: [...listener.path, 'address'],
        message: `${what} is bound to ${key.split(' ')[1]}, as ${other} is`,
        fix: 'give it a port of its own',
      },
    ];
  });
}
