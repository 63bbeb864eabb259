/** TLS that ends at Envoy. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const TYPE = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
const FOLDER = '/etc/envoy-tls/certificates/michelangelo-envoy-tls';

const editChain = (edit: (chain: Manifest, root: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) =>
    edit(root.static_resources.listeners[0].filter_chains[0], root),
  );
const contextOf = (chain: Manifest) => chain.transport_socket.typed_config.common_tls_context;
const inline = {
  certificate_chain: { filename: `${FOLDER}/tls.crt` },
  private_key: { filename: `${FOLDER}/tls.key` },
};

/** TLS as the guide writes it, with the ALPN that it leaves out, and with an entry that speaks it. */
const addTls =
  (alpn: readonly string[] | undefined, context: Manifest) => (manifests: Manifest[]) => {
    find(manifests, 'Ingress', 'web').metadata.annotations[
      'nginx.ingress.kubernetes.io/backend-protocol'
    ] = 'HTTPS';
    const { containers, volumes } = find(manifests, 'Deployment', 'envoy').spec.template.spec;
    volumes.push({ name: 'tls', secret: { secretName: 'made-elsewhere' } });
    containers[0].volumeMounts.push({ name: 'tls', mountPath: FOLDER });
    editChain((chain, root) => {
      // Without it Envoy gets no certificate by SDS.
      root.node ??= { id: 'envoy', cluster: 'michelangelo' };
      chain.transport_socket = {
        name: 'envoy.transport_sockets.tls',
        typed_config: {
          '@type': TYPE,
          common_tls_context: { ...(alpn ? { alpn_protocols: alpn } : {}), ...context },
        },
      };
    })(manifests);
  };
const discovered = {
  tls_certificate_sds_secret_configs: [
    { name: 'app', sds_config: { api_config_source: { api_type: 'GRPC' } } },
  ],
};

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'no ALPN',
    code: 'envoy-tls-without-h2',
    in: ['onprem'],
    plant: editChain((chain) => {
      delete contextOf(chain).alpn_protocols;
    }),
  },
  {
    name: 'HTTP/1.1 alone',
    code: 'envoy-tls-without-h2',
    in: ['onprem'],
    plant: editChain((chain) => {
      contextOf(chain).alpn_protocols = ['http/1.1'];
    }),
  },
  {
    name: 'TLS without ALPN where there was none',
    code: 'envoy-tls-without-h2',
    in: ['sound.yaml'],
    plant: addTls(undefined, discovered),
  },
  {
    name: 'certificates from a server',
    in: ['sound.yaml'],
    plant: addTls(['h2', 'http/1.1'], discovered),
  },
  {
    name: 'inline, from a file',
    code: 'certificate-never-reloads',
    in: ['sound.yaml'],
    plant: addTls(['h2'], { tls_certificates: [inline] }),
  },
  {
    name: 'inline in place of SDS',
    code: 'certificate-never-reloads',
    in: ['onprem'],
    plant: editChain((chain) => {
      const context = contextOf(chain);
      delete context.tls_certificate_sds_secret_configs;
      context.tls_certificates = [inline];
    }),
  },
  {
    name: 'a secret of the bootstrap itself',
    code: 'certificate-never-reloads',
    in: ['onprem'],
    plant: editChain((chain, root) => {
      root.static_resources.secrets = [{ name: 'own', tls_certificate: inline }];
      contextOf(chain).tls_certificate_sds_secret_configs = [{ name: 'own' }];
    }),
  },
  {
    name: 'SDS without watched_directory',
    code: 'certificate-never-reloads',
    in: ['onprem'],
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'certificate-michelangelo-envoy-tls.yaml', (file) => {
        delete file.resources[0].tls_certificate.watched_directory;
      }),
  },
  {
    name: 'the Secret is mounted by subPath',
    code: 'certificate-never-reloads',
    in: ['onprem'],
    plant: (manifests) => {
      const { volumeMounts } = find(manifests, 'Deployment', 'envoy').spec.template.spec
        .containers[0];
      const mount = volumeMounts.find(({ mountPath }: Manifest) => mountPath === FOLDER);
      volumeMounts.splice(
        volumeMounts.indexOf(mount),
        1,
        { ...mount, mountPath: `${FOLDER}/tls.crt`, subPath: 'tls.crt' },
        { ...mount, mountPath: `${FOLDER}/tls.key`, subPath: 'tls.key' },
      );
    },
  },
  {
    name: 'another Secret by subPath',
    in: ['onprem', 'production'],
    plant: (manifests) => {
      const pod = find(manifests, 'Deployment', 'envoy').spec.template.spec;
      pod.volumes.push({ name: 'other', secret: { secretName: 'other' } });
      pod.containers[0].volumeMounts.push({ name: 'other', mountPath: '/other', subPath: 'key' });
    },
  },
  {
    name: "a projected Secret whose certificate lacks the app's host",
    code: 'host-not-in-tls',
    in: ['onprem'],
    plant: (manifests) => {
      const { volumes } = find(manifests, 'Deployment', 'envoy').spec.template.spec;
      const volume = volumes.find(({ secret }: Manifest) => secret);
      const { secretName } = volume.secret;
      delete volume.secret;
      volume.projected = { sources: [{ secret: { name: secretName } }] };
      const certificate = manifests.find(({ spec }) => spec?.secretName === secretName);
      Object.assign(certificate?.['spec'], { dnsNames: ['www.example.org'] });
    },
  },
];

await plantEach(CHANGES);
test.run();
