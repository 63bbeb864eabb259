/** What Envoy is shown: its config with the files that it names, and nothing that it would run. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makePair } from '../../../src/cli/envoy/placeholder-pair.ts';
import { stage } from '../../../src/cli/envoy/stage.ts';
import { splitDocuments } from '../../../src/protocol/documents.ts';
import { envoyBootstraps } from '../../../src/surface/envoy-bootstraps.ts';
import { surfaceOf } from '../../../src/surface/surface.ts';

const staging = suite('what Envoy is shown');

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';
const LUA = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';

const pair = makePair();
const secret = (data: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'edge-tls' },
  data,
});
const encoded = (text: string) => Buffer.from(text).toString('base64');

interface Parts {
  config: object;
  others?: readonly object[];
  container?: object;
  files?: Readonly<Record<string, string>>;
}

function shown({ config, others = [], container = {}, files = {} }: Parts) {
  const manifests = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'edge' },
      data: { 'envoy.yaml': JSON.stringify(config), ...files },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'edge' },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'envoy',
                image: 'envoyproxy/envoy:v1.40.0',
                volumeMounts: [
                  { name: 'config', mountPath: '/etc/envoy' },
                  { name: 'tls', mountPath: '/etc/tls' },
                ],
                ...container,
              },
            ],
            volumes: [
              { name: 'config', configMap: { name: 'edge' } },
              { name: 'tls', secret: { secretName: 'edge-tls' } },
            ],
          },
        },
      },
    },
    ...others,
  ];
  const text = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const surface = surfaceOf(splitDocuments(Buffer.from(text)));
  const [bootstrap] = envoyBootstraps(surface);
  assert.ok(bootstrap?.reader, 'the container that starts from it is found');
  const staged = stage(bootstrap, surface, '/scratch');
  assert.ok(staged);
  return staged;
}

const withFilter = (filter: object) => ({
  static_resources: {
    listeners: [{ filter_chains: [{ filters: [{ typed_config: { http_filters: [filter] } }] }] }],
  },
});
const withTls = (context: object) => ({
  static_resources: {
    clusters: [{ transport_socket: { typed_config: { common_tls_context: context } } }],
  },
});
const CERTIFICATES = withTls({
  tls_certificates: [
    {
      certificate_chain: { filename: '/etc/tls/tls.crt' },
      private_key: { filename: '/etc/tls/tls.key' },
    },
  ],
});
const CERTIFICATE = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'edge' },
  spec: { secretName: 'edge-tls', dnsNames: ['app.ml.example.com'] },
};

staging('a config that names no file is shown as it was written', () => {
  const config = { static_resources: { clusters: [{ name: 'ui' }] } };
  const { text, name, files } = shown({ config });
  assert.is(text, JSON.stringify(config));
  assert.is(name, 'envoy.yaml');
  assert.is(files.size, 0);
});

staging('certificates of the stream are shown as they are', () => {
  const data = { 'tls.crt': encoded(pair.certificate), 'tls.key': encoded(pair.key) };
  const { files, text, secrets } = shown({ config: CERTIFICATES, others: [secret(data)] });
  assert.is(files.get('/etc/tls/tls.crt')?.toString(), pair.certificate);
  assert.is(files.get('/etc/tls/tls.key')?.toString(), pair.key);
  assert.match(text, '"/scratch/etc/tls/tls.crt"');
  assert.ok(secrets.includes(pair.key));
});

staging('in place of those that are made in the cluster, or encrypted, stands a pair', () => {
  const sealed = secret({ 'tls.crt': encoded('ENC[AES256]'), 'tls.key': encoded(pair.key) });
  for (const other of [CERTIFICATE, sealed]) {
    const { files, leftOut } = shown({ config: CERTIFICATES, others: [other] });
    const certificate = new X509Certificate(files.get('/etc/tls/tls.crt') ?? '');
    const key = createPrivateKey(files.get('/etc/tls/tls.key') ?? '');
    assert.ok(certificate.checkPrivateKey(key));
    assert.is.not(files.get('/etc/tls/tls.key')?.toString(), pair.key);
    assert.equal(leftOut, []);
  }
});

staging('a file that the pods will not have either is not there', () => {
  const config = withTls({
    tls_certificates: [
      {
        certificate_chain: { filename: '/etc/tls/cert.pem' },
        private_key: { filename: '/etc/tls/tls.key' },
      },
    ],
  });
  const { files, missing, text } = shown({ config, others: [CERTIFICATE] });
  assert.equal(missing, ['/etc/tls/cert.pem']);
  assert.not.ok(files.has('/etc/tls/cert.pem'));
  assert.match(text, '"/scratch/etc/tls/cert.pem"');
});

staging('files of secrets are shown with their own files', () => {
  const sds = {
    resources: [
      {
        '@type': `${TLS}.Secret`,
        name: 'edge',
        tls_certificate: {
          certificate_chain: { filename: '/etc/tls/tls.crt' },
          private_key: { filename: '/etc/tls/tls.key' },
          watched_directory: { path: '/etc/tls' },
        },
      },
    ],
  };
  const config = withTls({
    tls_certificate_sds_secret_configs: [
      { name: 'edge', sds_config: { path_config_source: { path: '/etc/envoy/sds.yaml' } } },
    ],
  });
  const { files } = shown({
    config,
    others: [CERTIFICATE],
    files: { 'sds.yaml': JSON.stringify(sds) },
  });
  assert.match(files.get('/etc/envoy/sds.yaml')?.toString() ?? '', '/scratch/etc/tls/tls.crt');
  assert.ok(files.has('/etc/tls') && files.get('/etc/tls') === undefined);
});

staging('listeners of a file are put into the config, which alone Envoy looks at', () => {
  const listener = {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: 'app',
  };
  const { text } = shown({
    config: {
      dynamic_resources: { lds_config: { path_config_source: { path: '/etc/envoy/lds.yaml' } } },
      static_resources: { clusters: [] },
    },
    files: { 'lds.yaml': JSON.stringify({ resources: [listener] }) },
  });
  assert.equal(JSON.parse(text).static_resources.listeners, [{ name: 'app' }]);
});

staging('a route of the path /etc/tls is no file', () => {
  const config = {
    static_resources: {
      listeners: [
        { routes: [{ match: { path: '/etc/tls/tls.crt' }, redirect: { path_redirect: '/' } }] },
      ],
    },
  };
  assert.is(shown({ config }).text, JSON.stringify(config));
});

staging('access logs are not written where they are in the pods', () => {
  const config = {
    static_resources: {
      listeners: [
        {
          access_log: [
            { typed_config: { '@type': 'a.TypedStruct', value: { path: '/var/log/a.log' } } },
            { typed_config: { path: '/dev/stdout' } },
          ],
        },
      ],
    },
  };
  const { text, files } = shown({ config });
  assert.match(text, '/scratch/var/log/a.log');
  assert.match(text, '"/dev/stdout"');
  assert.ok(files.has('/var/log'));
});

for (const [what, filter] of [
  ['inline', { typed_config: { '@type': LUA, inline_code: 'os.exit(1)' } }],
  [
    'of a file',
    { typed_config: { '@type': LUA, default_source_code: { filename: '/etc/envoy/a.lua' } } },
  ],
  [
    'wrapped',
    {
      typed_config: {
        '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
        type_url: LUA,
        value: { inline_code: 'os.exit(1)' },
      },
    },
  ],
] as const)
  staging(`a script, ${what}, is never shown: Envoy would run it`, () => {
    const { text, leftOut, files } = shown({
      config: withFilter(filter),
      files: { 'a.lua': 'os.exit(1)' },
    });
    assert.not.match(text, 'os.exit');
    assert.match(text, '"--"');
    assert.equal(leftOut, ['the scripts of its Lua filters']);
    assert.is(files.size, 0);
  });

staging('a filter whose program, or description of the API, is not here is left out', () => {
  const module = {
    typed_config: { '@type': 'a.filters.http.golang.v3alpha.Config', library_path: '/a.so' },
  };
  const transcoder = { typed_config: { proto_descriptor: '/opt/api.pb' } };
  for (const [filter, what] of [
    [module, 'what it runs by golang'],
    [transcoder, '/opt/api.pb'],
  ] as const) {
    const { text, leftOut } = shown({ config: withFilter(filter) });
    assert.match(text, '"http_filters":[]');
    assert.equal(leftOut, [what]);
  }
});

staging("the container's own words and variables count", () => {
  const { words, variables } = shown({
    config: { static_resources: { a: { environment_variable: 'TOKEN' } } },
    container: {
      command: ['sh', '-c', 'exec envoy -c /etc/envoy/envoy.yaml --service-node edge-1'],
      env: [{ name: 'TOKEN', value: 'abc' }],
    },
  });
  assert.equal(words, ['--service-node', 'edge-1']);
  assert.equal(variables, { TOKEN: 'abc' });
});

staging.run();
