/** Entries, workers, UI and CORS say the same. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { checklistOf } from '../../src/checks/shared/checklist.ts';
import { type PlantedChange, plantEach, type StreamName, streamOf } from './plant-each.ts';
import { asView, editDocument, find, findingsIn, type Manifest, planted } from './support.ts';

const PUBLIC = ['staging', 'production', 'onprem', 'sound.yaml', 'sound-contour.yaml'] as const;
const ALL: readonly StreamName[] = [...PUBLIC, 'dev'];

const editWorker = (edit: (worker: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'worker', 'base.yaml', ({ worker }) => edit(worker));
const editUrl = (edit: (url: string) => string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'ui', 'config.json', (config) => {
    config.apiBaseUrl = edit(config.apiBaseUrl);
  });
const editPolicy = (edit: (policy: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [host] = manager.route_config.virtual_hosts;
    edit(host.cors ?? host.typed_per_filter_config['envoy.filters.http.cors']);
  });

const apiService = (manifests: Manifest[]) =>
  manifests.find(({ kind, metadata }) => kind === 'Service' && /apiserver/.test(metadata.name))
    .metadata;

const WORKER: readonly PlantedChange[] = [
  {
    name: 'a host that nothing serves',
    code: 'worker-address',
    path: 'data[base.yaml].worker.address',
    in: ALL,
    plant: editWorker((worker) => {
      worker.address = 'api.elsewhere.example:443';
    }),
  },
  {
    name: 'the port of the Service on the public host',
    code: 'worker-address',
    in: PUBLIC,
    plant: editWorker((worker) => {
      worker.address = worker.address.replace(/:\d+$/, ':15566');
    }),
  },
  {
    name: 'no port',
    code: 'worker-address',
    in: ALL,
    plant: editWorker((worker) => {
      worker.address = worker.address.replace(/:\d+$/, '');
    }),
  },
  {
    name: 'a URL',
    code: 'worker-address',
    in: ALL,
    plant: editWorker((worker) => {
      worker.address = `https://${worker.address}`;
    }),
  },
  {
    name: 'TLS is off on the public host',
    code: 'worker-address',
    in: PUBLIC,
    plant: editWorker((worker) => {
      worker.useTLS = false;
    }),
  },
  {
    name: 'TLS is not mentioned, which means off',
    code: 'worker-address',
    in: PUBLIC,
    plant: editWorker((worker) => {
      delete worker.useTLS;
    }),
  },
  {
    name: 'TLS to the Service',
    code: 'worker-address',
    in: ['dev'],
    plant: editWorker((worker) => {
      worker.useTLS = true;
    }),
  },
  {
    name: 'another port of the Service',
    code: 'worker-address',
    in: ['dev'],
    plant: editWorker((worker) => {
      worker.address = worker.address.replace(/:\d+$/, ':443');
    }),
  },
  {
    name: 'the Service by its base name, where a layer has put a prefix in front',
    code: 'worker-address',
    in: ['dev', 'staging'],
    plant: editWorker((worker) => {
      Object.assign(worker, { address: 'michelangelo-apiserver:15566', useTLS: false });
    }),
  },
  {
    name: 'the Service in full',
    in: ALL,
    plant: (manifests) => {
      const { name, namespace = 'default' } = apiService(manifests);
      editWorker((worker) => {
        Object.assign(worker, {
          address: `${name}.${namespace}.svc.cluster.local:15566`,
          useTLS: false,
        });
      })(manifests);
    },
  },
  {
    name: 'a value that is filled in at the start',
    in: ALL,
    plant: editWorker((worker) => {
      worker.address = '${API_ADDRESS:nowhere:1}';
    }),
  },
];

const UI: readonly PlantedChange[] = [
  {
    name: 'a host that nothing serves',
    code: 'ui-url',
    in: ALL,
    plant: editUrl(() => 'https://app.elsewhere.example'),
  },
  {
    name: 'http where there is TLS',
    code: 'ui-url',
    in: PUBLIC,
    plant: editUrl((url) => url.replace('https:', 'http:')),
  },
  {
    name: 'a port that no other place knows',
    code: 'ui-url',
    in: ALL,
    plant: editUrl((url) => `${url.replace(/:\d+$/, '')}:9443`),
  },
  { name: 'no scheme', code: 'ui-url', in: ALL, plant: editUrl((url) => new URL(url).host) },
  { name: 'a path', code: 'ui-url', in: ALL, plant: editUrl((url) => `${url}/grpc`) },
  { name: 'a slash at the end', in: ALL, plant: editUrl((url) => `${url}/`) },
  { name: 'a path alone', in: ALL, plant: editUrl(() => '/') },
];

const CORS: readonly PlantedChange[] = [
  {
    name: 'another origin',
    code: 'cors-app-origin',
    // Page and calls share their origin here.
    severity: 'warning',
    in: ALL,
    plant: editPolicy((policy) => {
      policy.allow_origin_string_match = [{ exact: 'https://app.elsewhere.example' }];
    }),
  },
  {
    name: 'no origin',
    code: 'cors-app-origin',
    // Page and calls share their origin here.
    severity: 'warning',
    in: ALL,
    plant: editPolicy((policy) => {
      policy.allow_origin_string_match = [];
    }),
  },
  {
    name: 'the own origin with a slash behind, which no browser sends',
    code: 'cors-app-origin',
    // Page and calls share their origin here.
    severity: 'warning',
    in: PUBLIC,
    plant: editPolicy((policy) => {
      const [first] = policy.allow_origin_string_match;
      const origin = (first.exact ?? first.safe_regex.regex).replaceAll('\\', '');
      policy.allow_origin_string_match = [{ exact: `${origin}/` }];
    }),
  },
  {
    name: 'no policy at all',
    code: 'cors-app-origin',
    // Page and calls share their origin here.
    severity: 'warning',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
        const [host] = manager.route_config.virtual_hosts;
        delete host.cors;
        delete host.typed_per_filter_config;
      }),
  },
  {
    name: 'one origin more',
    in: ALL,
    plant: editPolicy((policy) => {
      policy.allow_origin_string_match.push({ exact: 'http://localhost:3000' });
    }),
  },
];

/** An entry on a port that only the manifests' other places tell. */
const OTHER_PORT: readonly PlantedChange[] = [
  {
    name: 'worker, UI and CORS agree on another port',
    in: ['sound.yaml'],
    plant: (manifests) => {
      editWorker((worker) => {
        worker.address = worker.address.replace(':443', ':8443');
      })(manifests);
      editUrl((url) => `${url}:8443`)(manifests);
      editPolicy((policy) => {
        policy.allow_origin_string_match = [{ exact: 'https://studio.ml.acme.io:8443' }];
      })(manifests);
    },
  },
];

await plantEach([...WORKER, ...UI, ...CORS, ...OTHER_PORT]);
test('a Gateway of another stream may speak either scheme', async () => {
  const onprem = await streamOf('onprem');
  const stream = planted({ ...onprem, settings: undefined }, (manifests) => {
    manifests.splice(manifests.indexOf(find(manifests, 'Gateway')), 1);
    // A TLSRoute carries nothing but TLS.
    Object.assign(find(manifests, 'TLSRoute'), { kind: 'HTTPRoute' });
    editUrl((url) => url.replace('https:', 'http:'))(manifests);
  });
  assert.not.ok(findingsIn(stream).some(({ code }) => code === 'ui-url'));
});

for (const place of ['production', 'sound.yaml'] as const)
  test(`an app entry without TLS disagrees with the URL, and fails item 4: ${place}`, async () => {
    const stream = planted(await streamOf(place), (manifests) => {
      for (const ingress of manifests.filter(({ kind }) => kind === 'Ingress'))
        if (ingress.spec.rules[0].http.paths[0].backend.service.name.includes('envoy'))
          delete ingress.spec.tls;
    });
    const surface = asView(stream);
    const result = runChecks(surface);
    const codes = result.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
    assert.equal(codes.sort(), ['host-not-in-tls', 'ui-url']);
    assert.is(checklistOf(surface, result)[3]?.state, 'fail');
  });

test('entries that all lack the TLS that cert-manager is asked for are errors', async () => {
  const stream = planted(await streamOf('sound.yaml'), (manifests) => {
    for (const ingress of manifests.filter(({ kind }) => kind === 'Ingress'))
      delete ingress.spec.tls;
  });
  const errors = findingsIn(stream).filter(({ severity }) => severity === 'error');
  assert.equal(errors.map(({ code }) => code).sort(), [
    'api-entry-without-tls',
    'host-not-in-tls',
    'ui-url',
  ]);
});

test('TLS may end in front of entries that ask for no certificate', async () => {
  const stream = planted(await streamOf('sound.yaml'), (manifests) => {
    for (const ingress of manifests.filter(({ kind }) => kind === 'Ingress')) {
      delete ingress.spec.tls;
      delete ingress.metadata.annotations['cert-manager.io/cluster-issuer'];
    }
  });
  assert.equal(
    findingsIn(stream).filter(({ severity }) => severity === 'error'),
    [],
  );
});

test.run();
