/** Placeholders, and hosts of other overlays. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach, streamOf } from './plant-each.ts';
import {
  editDocument,
  find,
  findingsIn,
  label,
  type Manifest,
  newIn,
  planted,
  type Stream,
} from './support.ts';

const ALL = ['staging', 'production', 'onprem', 'dev', 'sound.yaml', 'sound-contour.yaml'] as const;
const INGRESS = ['staging', 'production', 'sound.yaml', 'sound-contour.yaml'] as const;

const setAddress = (address: string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'worker', 'base.yaml', ({ worker }) => {
    worker.address = address;
  });
const setUrl = (url: string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'ui', 'config.json', (config) => {
    config.apiBaseUrl = url;
  });
const setOrigins = (matchers: Manifest[]) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [host] = manager.route_config.virtual_hosts;
    const policy = host.cors ?? host.typed_per_filter_config['envoy.filters.http.cors'];
    policy.allow_origin_string_match = matchers;
  });
const setEntryHost = (word: string, host: string) => (manifests: Manifest[]) => {
  const ingress = manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );
  ingress.spec.rules[0].host = host;
  for (const block of ingress.spec.tls ?? []) block.hosts = [host];
};

const PLACEHOLDERS: readonly PlantedChange[] = [
  {
    name: 'worker.address',
    code: 'placeholder-host',
    in: ALL,
    plant: setAddress('DOMAIN_NOT_SET:443'),
  },
  {
    name: 'apiBaseUrl',
    code: 'placeholder-host',
    in: ALL,
    plant: setUrl('https://app.your-domain.com'),
  },
  {
    name: "the guide's origin, escaped",
    code: 'placeholder-host',
    in: ALL,
    plant: setOrigins([{ safe_regex: { regex: 'https://app\\.your-domain\\.com' } }]),
  },
  {
    name: 'the hosts of the API entry',
    code: 'placeholder-host',
    in: INGRESS,
    plant: setEntryHost('apiserver', 'api.your-domain.com'),
  },
  {
    name: 'the hosts of the app entry',
    code: 'placeholder-host',
    in: INGRESS,
    plant: setEntryHost('envoy', 'DOMAIN_NOT_SET'),
  },
  {
    name: 'an annotation',
    code: 'placeholder-host',
    in: ALL,
    plant: (manifests) => {
      find(manifests, 'Service', 'envoy').metadata.annotations = {
        'external-dns.alpha.kubernetes.io/hostname': 'app.Your-Domain.com',
      };
    },
  },
  {
    name: 'a file that is no YAML',
    code: 'placeholder-host',
    in: ALL,
    plant: (manifests) => {
      find(manifests, 'ConfigMap').data['nginx.conf'] = 'server_name app.your-domain.com;\n';
    },
  },
  {
    name: 'comments do not count',
    in: ALL,
    plant: (manifests) => {
      const configMap = manifests.find(
        ({ kind, data }) => kind === 'ConfigMap' && data['base.yaml'],
      );
      configMap.data['base.yaml'] += '\n# api.your-domain.com\nlast: 1 # DOMAIN_NOT_SET\n';
      configMap.data['nginx.conf'] = '# app.your-domain.com\nlisten 80;\n';
    },
  },
];

await plantEach(PLACEHOLDERS);

const production = await streamOf('production');
const staging = await streamOf('staging');
const onprem = await streamOf('onprem');
const chart = await streamOf('sound.yaml');

/** Changes of production with a host of staging. */
const FOREIGN: readonly { name: string; plant: (manifests: Manifest[]) => void }[] = [
  { name: 'worker.address', plant: setAddress('api.staging.ml.example.com:443') },
  { name: 'apiBaseUrl', plant: setUrl('https://app.staging.ml.example.com') },
  {
    name: 'one more origin',
    plant: setOrigins([
      { exact: 'https://app.ml.example.com' },
      { safe_regex: { regex: 'https://app\\.staging\\.ml\\.example\\.com' } },
    ]),
  },
  {
    name: 'hosts of the API entry',
    plant: setEntryHost('apiserver', 'api.staging.ml.example.com'),
  },
  { name: 'hosts of the app entry', plant: setEntryHost('envoy', 'app.staging.ml.example.com') },
  {
    name: "an endpoint of Envoy's cluster",
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        const [, other] = structuredClone(root.static_resources.clusters);
        other.name = 'other';
        const [{ endpoint }] = other.load_assignment.endpoints[0].lb_endpoints;
        endpoint.address.socket_address.address = 'api.staging.ml.example.com';
        root.static_resources.clusters.push(other);
      }),
  },
  {
    name: 'the engine of both programs, and the store of the worker',
    plant: (manifests) => {
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config['workflow-engine'].host = 'api.staging.ml.example.com:443';
        config.minio.awsEndpointUrl = 'app.staging.ml.example.com';
      });
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        config.workflowClient.host = 'api.staging.ml.example.com:443';
      });
    },
  },
  {
    name: 'another URL of the UI',
    plant: (manifests) =>
      editDocument(manifests, 'ui', 'config.json', (config) => {
        config.links = [{ docs: 'https://app.staging.ml.example.com/docs' }];
      }),
  },
  {
    name: 'names of a certificate',
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'more', namespace: 'michelangelo' },
        spec: {
          secretName: 'more',
          dnsNames: ['app.staging.ml.example.com'],
          issuerRef: { kind: 'ClusterIssuer', name: 'michelangelo-production' },
        },
      });
    },
  },
];

const codes = (stream: Stream, base: Stream, others: readonly Stream[]) =>
  newIn(findingsIn(base, others), findingsIn(stream, others));

for (const { name, plant } of FOREIGN) {
  test(`foreign-host in production: ${name}`, () => {
    const found = codes(planted(production, plant), production, [staging, onprem]);
    assert.equal(
      [...new Set(found.map(({ code }) => code))],
      ['foreign-host'],
      found.map(label).join(),
    );
    assert.match(found[0]?.message ?? '', 'staging');
  });

  test(`no foreign host where staging is not named beside it: ${name}`, () => {
    const found = codes(planted(production, plant), production, [onprem]);
    assert.not.ok(found.some(({ code }) => code === 'foreign-host'));
  });
}

test('a host of an overlay in the manifests of others is foreign', () => {
  const stream = planted(chart, setAddress('api.ml.example.com:443'));
  const found = codes(stream, chart, [production]);
  assert.equal(
    found.map(({ code }) => code),
    ['foreign-host'],
  );
});

test('an origin that the config lists may be another overlay’s', () => {
  const origin = 'https://app.staging.ml.example.com';
  const { settings } = production;
  assert.ok(settings);
  const regex = 'https://app\\.staging\\.ml\\.example\\.com';
  const origins = [...settings.origins, { origin, regex, from: 'spec.cors.allowOrigins[0]' }];
  const stream = planted(
    { ...production, settings: { ...settings, origins } },
    setOrigins([{ exact: 'https://app.ml.example.com' }, { exact: origin }]),
  );
  assert.equal(codes(stream, production, [staging]).map(label), []);
});

test('two overlays with the same hosts share them', () => {
  const twin = { ...production, name: 'twin' };
  const found = findingsIn(production, [twin]).filter(({ code }) => code === 'foreign-host');
  assert.equal(found, []);
});

/** The issuer of the guide, as it stands there. */
const GUIDES_ISSUER: Manifest = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'ClusterIssuer',
  metadata: { name: 'letsencrypt-prod' },
  spec: { acme: { email: 'platform-team@your-domain.com' } },
};

const placeholdersIn = (stream: Stream) =>
  findingsIn(stream).filter(({ code }) => code === 'placeholder-host');

test("the guide's issuer is in the way where it is used, and superfluous where it is not", () => {
  const unused = planted(production, (manifests) => manifests.push(GUIDES_ISSUER));
  const used = planted(production, (manifests) => {
    manifests.push(GUIDES_ISSUER);
    const ingress = manifests.find(({ kind }) => kind === 'Ingress');
    ingress.metadata.annotations['cert-manager.io/cluster-issuer'] = 'letsencrypt-prod';
  });
  assert.equal(
    [unused, used].map((stream) => placeholdersIn(stream).map(({ severity }) => severity)),
    [['warning'], ['error']],
  );
  assert.match(placeholdersIn(unused)[0]?.fix ?? '', /remove this issuer/);
  assert.match(placeholdersIn(used)[0]?.fix ?? '', /tls\.mode: acme/);
});

test('what the config writes only where it is asked to is said with its field', () => {
  const changed = planted(production, (manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (root) => {
      root['workflow-engine'].host = 'temporal.your-domain.com:7233';
    }),
  );
  assert.match(placeholdersIn(changed)[0]?.fix ?? '', /spec\.workflowEngine\.host/);
});

test.run();
