/** Gateways and routes: who lets whom in, and how long calls live. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, findingsIn, foreign, type Manifest, planted } from './support.ts';

const GATEWAY = ['sound-gateway.yaml'] as const;

const routeOf = (manifests: Manifest[], kind: string) => find(manifests, kind).spec;
const listener = (manifests: Manifest[], index: number) =>
  find(manifests, 'Gateway').spec.listeners[index];
const remove = (manifests: Manifest[], kind: string, ending = '') =>
  manifests.splice(manifests.indexOf(find(manifests, kind, ending)), 1);

const GRANTS: readonly PlantedChange[] = [
  {
    name: 'no grant for the route',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => remove(manifests, 'ReferenceGrant', 'routes'),
  },
  {
    name: 'the grant is for another kind of route',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => {
      find(manifests, 'ReferenceGrant', 'routes').spec.from[0].kind = 'HTTPRoute';
    },
  },
  {
    name: 'the grant is for another namespace',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => {
      find(manifests, 'ReferenceGrant', 'routes').spec.from[0].namespace = 'studios';
    },
  },
  {
    name: 'the grant names another Service',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => {
      find(manifests, 'ReferenceGrant', 'routes').spec.to[0].name = 'api';
    },
  },
  {
    name: 'the grant is in the namespace of the route',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => {
      find(manifests, 'ReferenceGrant', 'routes').metadata.namespace = 'studio';
    },
  },
  {
    name: 'no grant for the certificates',
    code: 'reference-not-granted',
    in: GATEWAY,
    plant: (manifests) => remove(manifests, 'ReferenceGrant', 'certificates'),
  },
  {
    name: 'the namespace of the certificates is in another stream',
    code: 'reference-not-granted',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 0).tls.certificateRefs[0].namespace = 'secrets';
    },
  },
  {
    name: 'a grant for every Service',
    in: GATEWAY,
    plant: (manifests) => {
      delete find(manifests, 'ReferenceGrant', 'routes').spec.to[0].name;
    },
  },
];

const ALLOWED: readonly PlantedChange[] = [
  {
    name: 'the listener takes routes of its own namespace',
    code: 'route-not-allowed',
    in: GATEWAY,
    plant: (manifests) => {
      delete listener(manifests, 0).allowedRoutes;
    },
  },
  {
    name: 'the namespace lost its label',
    code: 'route-not-allowed',
    in: GATEWAY,
    plant: (manifests) => {
      delete find(manifests, 'Namespace', 'studio').metadata.labels;
    },
  },
  {
    name: 'the listener asks for another namespace',
    code: 'route-not-allowed',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 1).allowedRoutes.namespaces.selector.matchExpressions[0].values = ['web'];
    },
  },
  {
    name: 'the listener takes another kind of route',
    code: 'route-not-allowed',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 1).allowedRoutes.kinds = [{ kind: 'GRPCRoute' }];
    },
  },
  {
    name: 'the listener passes TLS through, whatever kinds it lists',
    code: 'route-not-allowed',
    in: GATEWAY,
    plant: (manifests) => {
      Object.assign(listener(manifests, 1), { protocol: 'TLS', tls: { mode: 'Passthrough' } });
      listener(manifests, 1).hostname = 'studio.example.net';
      find(manifests, 'ConfigMap', 'page-7b5f2k8mhg').data['config.json'] = '{"apiBaseUrl": ""}';
    },
  },
  {
    name: 'a namespace whose labels are not known',
    in: GATEWAY,
    plant: (manifests) => remove(manifests, 'Namespace', 'studio'),
  },
  {
    name: 'routes of all namespaces',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 0).allowedRoutes = { namespaces: { from: 'All' } };
    },
  },
  {
    name: 'another listener takes the route',
    in: GATEWAY,
    plant: (manifests) => {
      const { spec } = find(manifests, 'Gateway');
      const [first] = spec.listeners;
      spec.listeners.push({ ...first, name: 'inside', port: 8443, allowedRoutes: undefined });
      delete routeOf(manifests, 'GRPCRoute').parentRefs[0].sectionName;
      delete routeOf(manifests, 'GRPCRoute').parentRefs[0].port;
    },
  },
];

const LISTENERS: readonly PlantedChange[] = [
  {
    name: 'a listener that is not there',
    code: 'reference-missing',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').parentRefs[0].sectionName = 'grpcs';
    },
  },
  {
    name: 'a port that no listener has',
    code: 'reference-missing',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').parentRefs[0].port = 8443;
    },
  },
  {
    name: 'a listener of another host',
    code: 'host-not-in-tls',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 0).hostname = 'grpc.example.net';
    },
  },
  {
    name: 'a listener of every host of the domain',
    in: GATEWAY,
    plant: (manifests) => {
      listener(manifests, 0).hostname = '*.studio.example.net';
    },
  },
  {
    name: 'a Gateway with nearly the name',
    code: 'reference-missing',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').parentRefs[0].name = 'internet-prod';
    },
  },
  {
    name: 'a Gateway that another namespace has',
    code: 'reference-missing',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').parentRefs[0].namespace = 'front-doors';
    },
  },
  {
    name: 'a Gateway with another name, which may be made elsewhere',
    code: 'reference-missing',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').parentRefs[0].name = 'shared';
    },
  },
];

const policy = (manifests: Manifest[]) => find(manifests, 'BackendTrafficPolicy').spec;

const TIMEOUTS: readonly PlantedChange[] = [
  {
    name: 'no policy lifts the timeout of the GRPCRoute',
    code: 'grpc-route-cut',
    in: GATEWAY,
    plant: (manifests) => remove(manifests, 'BackendTrafficPolicy'),
  },
  {
    name: 'the policy is about another route',
    code: 'grpc-route-cut',
    in: GATEWAY,
    plant: (manifests) => {
      policy(manifests).targetRefs[0] = { kind: 'HTTPRoute', name: 'web' };
    },
  },
  {
    name: 'the policy is about the Gateway',
    in: GATEWAY,
    plant: (manifests) => {
      const { metadata, spec } = find(manifests, 'BackendTrafficPolicy');
      metadata.namespace = 'front-door';
      spec.targetRefs = [{ kind: 'Gateway', name: 'internet', sectionName: 'grpc' }];
    },
  },
  {
    name: 'the policy takes routes by their labels',
    in: GATEWAY,
    plant: (manifests) => {
      find(manifests, 'GRPCRoute').metadata.labels = { streams: 'long' };
      delete policy(manifests).targetRefs;
      policy(manifests).targetSelectors = [{ kind: 'GRPCRoute', matchLabels: { streams: 'long' } }];
    },
  },
  {
    name: 'the policy ends calls',
    code: 'entry-timeouts',
    in: GATEWAY,
    plant: (manifests) => {
      policy(manifests).timeout.http.requestTimeout = '30s';
    },
  },
  {
    name: 'the policy ends what carries them',
    code: 'entry-timeouts',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      policy(manifests).timeout.http.maxConnectionDuration = '10m';
    },
  },
  {
    name: 'an attempt ends early',
    code: 'entry-timeouts',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'HTTPRoute').rules[0].timeouts.backendRequest = '20s';
    },
  },
  {
    name: 'the route sets no timeout',
    code: 'entry-timeouts',
    in: GATEWAY,
    plant: (manifests) => {
      delete routeOf(manifests, 'HTTPRoute').rules[0].timeouts;
    },
  },
];

const forService = (service: string) => (manifests: Manifest[]) => {
  routeOf(manifests, 'GRPCRoute').rules[0].matches = [{ method: { service } }];
};

const SERVICES: readonly PlantedChange[] = [
  {
    name: 'the route is for another service',
    code: 'path-not-led',
    says: /^path \/grpc\.health\.v1\.Health\/\* \(Exact\) of /,
    in: GATEWAY,
    plant: forService('grpc.health.v1.Health'),
  },
  {
    name: 'the route is for every method of every service',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').rules[0].matches = [
        { method: { type: 'RegularExpression', method: '.+' } },
      ];
    },
  },
  {
    name: 'the route is for one method of every service',
    code: 'path-not-led',
    says: /the routes lead ListProject of every service alone: others, such as those of ProjectService, /,
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'GRPCRoute').rules[0].matches = [{ method: { method: 'ListProject' } }];
    },
  },
  {
    name: 'the route is for one service of the API',
    code: 'path-not-led',
    in: GATEWAY,
    plant: forService('michelangelo.api.v2.ProjectService'),
  },
];

const unknown = (manifests: Manifest[]) => {
  find(manifests, 'GatewayClass').spec.controllerName = 'example.net/edge';
};

const UNKNOWN: readonly PlantedChange[] = [
  {
    name: 'a program of which nothing is known, and a policy of another one',
    in: GATEWAY,
    plant: unknown,
  },
  {
    name: 'a program of which nothing is known, and nothing says how long a call lives',
    code: 'entry-timeouts',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      unknown(manifests);
      delete routeOf(manifests, 'HTTPRoute').rules[0].timeouts;
    },
  },
  {
    name: 'a program of which nothing is known, and a GRPCRoute',
    code: 'grpc-route-cut',
    severity: 'warning',
    in: GATEWAY,
    plant: (manifests) => {
      unknown(manifests);
      remove(manifests, 'BackendTrafficPolicy');
    },
  },
];

const mirror =
  (name: string): PlantedChange['plant'] =>
  (manifests) => {
    const route = manifests.find(({ kind }) => kind === 'GRPCRoute');
    route.spec.rules[0].filters = [
      { type: 'RequestMirror', requestMirror: { backendRef: { name, port: 8080 } } },
    ];
  };

const ELSEWHERE: readonly PlantedChange[] = [
  {
    name: 'the page is opened without TLS, as a Gateway of others may serve it',
    in: GATEWAY,
    plant: (manifests) => {
      routeOf(manifests, 'HTTPRoute').parentRefs = [{ name: 'edge', namespace: 'infra' }];
      for (const { kind, data } of manifests)
        if (kind === 'ConfigMap')
          for (const [key, text] of Object.entries<string>(data))
            data[key] = text.replaceAll('https://studio.example.net', 'http://studio.example.net');
    },
  },
  {
    name: 'a route at a Gateway that is here and at one of others, and the same at that one alone',
    code: 'duplicate-entry',
    in: GATEWAY,
    plant: (manifests) => {
      const others = { name: 'edge', namespace: 'infra' };
      routeOf(manifests, 'HTTPRoute').parentRefs.push(others);
      const second = structuredClone(find(manifests, 'HTTPRoute'));
      second.metadata.name = 'second';
      second.spec.parentRefs = [others];
      manifests.push(second);
    },
  },
];

const MIRRORS: readonly PlantedChange[] = [
  {
    name: 'copies go to a Service that is not there',
    code: 'reference-missing',
    severity: 'warning',
    in: ['sound-gateway.yaml'],
    plant: mirror('shadow'),
  },
  {
    name: 'a listener has TLS, and a protocol without it',
    code: 'listener-refused',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      for (const { kind, spec } of manifests)
        if (kind === 'Gateway')
          for (const listener of spec.listeners) if (listener.tls) listener.protocol = 'HTTP';
    },
  },
  {
    name: 'copies go to a Service of the same namespace',
    in: ['sound-gateway.yaml'],
    plant: mirror('page'),
  },
];

await plantEach([
  ...GRANTS,
  ...ALLOWED,
  ...LISTENERS,
  ...TIMEOUTS,
  ...SERVICES,
  ...UNKNOWN,
  ...ELSEWHERE,
  ...MIRRORS,
]);

test('a policy that names no route is what to mend, not the route', () => {
  const stream = planted(foreign('sound-gateway.yaml'), (manifests) => {
    policy(manifests).targetRefs[0] = { kind: 'GRPCRoute', name: 'calls-of-before' };
  });
  const [cut] = findingsIn(stream).filter(({ code }) => code === 'grpc-route-cut');
  assert.match(cut?.fix ?? '', /^let BackendTrafficPolicy \S+ name the route/);
});

test.run();
