/** CORS at Envoy: where the policies stand, the filter, and what they expose. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrap } from '../rules/envoy-documents.ts';
import { service } from '../rules/support.ts';
import { applyToStream } from '../support/function.ts';
import { filter } from './envoy-plantings.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, findingsIn, type Manifest, manifestsIn } from './support.ts';

const FILTER = 'envoy.filters.http.cors';

/** Both forms: `typed_per_filter_config` in the overlays, `cors` in the manifests of others. */
const BOTH = ['production', 'onprem', 'sound.yaml'] as const;

const editManager = (edit: (manager: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) =>
    edit(root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config),
  );
const hostOf = (manager: Manifest) => manager.route_config.virtual_hosts[0];
const takePolicy = (owner: Manifest) => {
  const policy = owner.cors ?? owner.typed_per_filter_config[FILTER];
  delete owner.cors;
  delete owner.typed_per_filter_config;
  return policy;
};
const givePolicy = (owner: Manifest, policy: Manifest) => {
  owner.typed_per_filter_config = {
    [FILTER]: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
      ...policy,
    },
  };
};
const policyOf = (manager: Manifest) =>
  hostOf(manager).cors ?? hostOf(manager).typed_per_filter_config[FILTER];

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'the policy stands on every route',
    in: BOTH,
    plant: editManager((manager) => {
      const policy = takePolicy(hostOf(manager));
      for (const route of hostOf(manager).routes) givePolicy(route, policy);
    }),
  },
  {
    name: 'the policy stands on the route to the API, in the deprecated form',
    in: BOTH,
    plant: editManager((manager) => {
      const policy = takePolicy(hostOf(manager));
      for (const { route } of hostOf(manager).routes) if (route) route.cors = policy;
    }),
  },
  {
    name: 'the policy stands on the route table',
    in: BOTH,
    plant: editManager((manager) => givePolicy(manager.route_config, takePolicy(hostOf(manager)))),
  },
  {
    name: 'a wrapped policy is a policy',
    in: BOTH,
    plant: editManager((manager) => {
      const policy = takePolicy(hostOf(manager));
      const type = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy';
      hostOf(manager).typed_per_filter_config = {
        [FILTER]: {
          '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
          config: { '@type': type, ...policy },
        },
      };
    }),
  },
  {
    name: 'CORS is switched off',
    code: 'cors-app-origin',
    // Page and calls share their origin here.
    severity: 'warning',
    in: BOTH,
    plant: editManager((manager) => {
      takePolicy(hostOf(manager));
      hostOf(manager).typed_per_filter_config = {
        [FILTER]: {
          '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
          disabled: true,
        },
      };
    }),
  },
  {
    name: 'CORS holds for 0 % of the requests',
    code: 'cors-app-origin',
    severity: 'warning',
    in: BOTH,
    plant: editManager((manager) => {
      policyOf(manager).filter_enabled = { default_value: { numerator: 0 } };
    }),
  },
  {
    name: 'the cors filter is disabled, and the deprecated field does not switch it on',
    code: 'cors-filter-missing',
    in: ['sound.yaml'],
    plant: editManager((manager) => {
      manager.http_filters[0].disabled = true;
      const [host] = manager.route_config.virtual_hosts;
      const { '@type': _type, ...policy } = host.typed_per_filter_config['envoy.filters.http.cors'];
      host.cors = policy;
      delete host.typed_per_filter_config;
    }),
  },
  {
    name: 'a policy under its name switches a disabled filter on',
    in: ['production', 'onprem'],
    plant: editManager((manager) => {
      manager.http_filters[0].disabled = true;
    }),
  },
  {
    name: 'the policy stands under another name than the filter has',
    code: 'cors-app-origin',
    severity: 'warning',
    in: BOTH,
    plant: editManager((manager) => {
      givePolicy(hostOf(manager), takePolicy(hostOf(manager)));
      manager.http_filters[0].name = 'cors';
    }),
  },
  {
    name: 'there is no cors filter',
    code: 'cors-filter-missing',
    in: BOTH,
    plant: editManager((manager) => {
      manager.http_filters = manager.http_filters.filter(({ name }: Manifest) => name !== FILTER);
    }),
  },
  {
    name: 'the cors filter comes after grpc_web, as in the guide',
    code: 'cors-filter-order',
    severity: 'warning',
    in: BOTH,
    plant: editManager((manager) => {
      const [cors, web, router] = manager.http_filters;
      manager.http_filters = [web, cors, router];
    }),
  },
  {
    name: 'the cors filter comes after a filter that asks for a token',
    code: 'cors-filter-order',
    severity: 'warning',
    in: BOTH,
    plant: editManager((manager) => {
      const type = 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication';
      manager.http_filters.unshift({
        name: 'tokens',
        typed_config: { '@type': `type.googleapis.com/${type}` },
      });
    }),
  },
  {
    name: 'a health check in front of the cors filter is fine',
    in: BOTH,
    plant: editManager((manager) => {
      manager.http_filters.unshift(filter('health_check', 'HealthCheck'));
    }),
  },
  {
    name: 'nothing is exposed',
    code: 'cors-exposed-headers',
    in: BOTH,
    plant: editManager((manager) => {
      delete policyOf(manager).expose_headers;
    }),
  },
  {
    name: 'grpc-message is not exposed',
    code: 'cors-exposed-headers',
    in: BOTH,
    plant: editManager((manager) => {
      policyOf(manager).expose_headers = 'Grpc-Status, x-request-id';
    }),
  },
  {
    name: 'everything is exposed, to requests without credentials',
    in: BOTH,
    plant: editManager((manager) => {
      policyOf(manager).expose_headers = '*';
    }),
  },
  {
    name: 'everything is exposed, which means nothing with credentials',
    code: 'cors-exposed-headers',
    in: BOTH,
    plant: editManager((manager) => {
      Object.assign(policyOf(manager), { expose_headers: '*', allow_credentials: true });
    }),
  },
];

await plantEach(CHANGES);

const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors';
for (const filter of [
  '{ name: envoy.cors }',
  `{ name: envoy.cors, typed_config: { "@type": ${TYPE} } }`,
])
  test(`what the function writes has its filter: ${filter}`, () => {
    const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec:
  domain: ml.example.com
  tls: { mode: secret }
  absent: [worker, ui, controller-manager, api-entry, app-entry]
`;
    const api = service('michelangelo-apiserver', '[{ port: 15566 }]');
    const input = `${api}---\n${bootstrap({ filters: filter })}`;
    const { stdout, stderr } = applyToStream(Buffer.from(config), Buffer.from(input));
    assert.is(stderr, '');
    const manifests = manifestsIn(stdout);
    const found = findingsIn({ name: 'output', manifests, settings: undefined });
    assert.equal(
      found.filter(({ code }) => code.startsWith('cors-')),
      [],
    );
  });

test.run();
