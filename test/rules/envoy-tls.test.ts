import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { envoyTls } from '../../src/rules/envoy-tls.ts';
import { ABSENT, API, BASE, ENVOY_DEPLOYMENT, ENVOY_SERVICE, envoy } from './manifests.ts';
import { apply } from './support.ts';

const test = suite('envoy tls');

const AT_ENVOY = 'tls: { mode: secret, terminateAt: envoy }\n';
const run = (spec: string, documents = BASE) => apply(envoyTls, ABSENT + spec, ...documents);
const edits = (spec: string, documents = BASE) => run(spec, documents).edits;
const having = (word: string, spec = AT_ENVOY, documents = BASE) =>
  edits(spec, documents).filter((edit) => edit.includes(word));

const CHAIN = '/static_resources/listeners/0/filter_chains/0';
const CONTEXT = `${CHAIN}/transport_socket/typed_config/common_tls_context`;
const MANAGER = `${CHAIN}/filters/0/typed_config`;

test('does nothing where TLS ends at the entry', () => {
  assert.equal(edits('tls: { mode: secret }'), []);
});

test("reads the certificate through discovery, from a folder that hides none of the system's", () => {
  const [file] = having('/data/certificate-michelangelo-envoy-tls.yaml');
  assert.match(`${file}`, /watched_directory/);
  assert.match(`${file}`, /\/etc\/envoy-tls\/certificates\/michelangelo-envoy-tls\/tls\.key/);
  assert.match(`${file}`, /<- spec\.tls\.mode$/);
  assert.match(
    `${having('tls_certificate_sds_secret_configs')[0]}`,
    /certificate-michelangelo-envoy-tls\.yaml/,
  );
  assert.is(having('alpn_protocols').length, 1);
  assert.equal(having('/node'), [
    'add ConfigMap envoy /node {"id":"michelangelo-envoy"} <- spec.tls.terminateAt',
    'add ConfigMap envoy /node/cluster "michelangelo-envoy" <- spec.tls.terminateAt',
  ]);
});

test('believes nobody about the address of the client any more', () => {
  const manager =
    '                use_remote_address: false\n                xff_num_trusted_hops: 1\n';
  const documents = [API, ENVOY_SERVICE, envoy('', manager), ENVOY_DEPLOYMENT, ...BASE.slice(4)];
  assert.equal(
    edits(AT_ENVOY, documents).filter((edit) => /xff|use_remote/.test(edit)),
    [
      `remove ConfigMap envoy ${MANAGER}/xff_num_trusted_hops <- spec.tls.terminateAt`,
      `replace ConfigMap envoy ${MANAGER}/use_remote_address true <- spec.tls.terminateAt`,
    ],
  );
});

test('keeps what a socket says of versions and of clients, and drops inline certificates', () => {
  const socket = `          transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              require_client_certificate: true
              common_tls_context:
                alpn_protocols: [h2]
                tls_params: { tls_minimum_protocol_version: TLSv1_3 }
                tls_certificates: [{ certificate_chain: { filename: a } }]
`;
  const documents = [API, ENVOY_SERVICE, envoy(socket), ENVOY_DEPLOYMENT, ...BASE.slice(4)];
  assert.equal(
    having('/transport_socket', AT_ENVOY, documents).map((edit) => edit.split(/ [[{<]/)[0]),
    [
      `remove ConfigMap envoy ${CONTEXT}/tls_certificates`,
      `add ConfigMap envoy ${CONTEXT}/tls_certificate_sds_secret_configs`,
    ],
  );
});

test("mounts both folders into Envoy's container alone", () => {
  const mounts = having('volumeMounts');
  assert.is(mounts.length, 2);
  for (const edit of mounts)
    assert.match(edit, /containers\/1\/volumeMounts\/[12] .*"readOnly":true/);
  assert.not.match(mounts.join(), /subPath|"\/etc\/ssl/);
});

test('asks the listener over HTTPS, and the admin port as before', () => {
  assert.equal(
    having('/scheme').map((edit) => edit.split('/').at(-3)),
    ['readinessProbe', 'startupProbe'],
  );
});

test("says on the Service's port of the listener that it carries HTTPS", () => {
  assert.equal(having('appProtocol'), [
    'add Service michelangelo-envoy /spec/ports/1/appProtocol "https" <- spec.tls.terminateAt',
  ]);
});

test('starts without the certificate of an alias', () => {
  const spec = `${AT_ENVOY}hosts: { aliases: { app: [app.new.example.com] } }`;
  const volumes = having('"secretName"', spec);
  assert.equal(
    volumes.map((edit) => edit.includes('"optional":true')),
    [false, true],
  );
});

test('keeps the key of the ConfigMap short enough', () => {
  const secret = Array(4).fill('a'.repeat(60)).join('.');
  const spec = `tls: { mode: secret, terminateAt: envoy, secrets: { envoy: ${secret} } }`;
  const [file] = having('/data/certificate-', spec);
  const [, key = ''] = /\/data\/(\S+)/.exec(`${file}`) ?? [];
  assert.is(key.length, 253);
});

test('needs the workload', () => {
  const documents = BASE.filter((text) => text !== ENVOY_DEPLOYMENT);
  assert.equal(
    run(AT_ENVOY, documents).problems.map(({ code, severity }) => [code, severity]),
    [['target-missing', 'error']],
  );
});

test.run();
