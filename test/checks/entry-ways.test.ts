/** Entries that let nobody in, or hold back what they let in: each beside one of the same kind that serves. */
import { test } from 'uvu';
import { changeIn, type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const IN = ['production', 'sound.yaml'] as const;
const NGINX = 'nginx.ingress.kubernetes.io';

const change = (
  code: PlantedChange['code'],
  name: string,
  plant: PlantedChange['plant'],
  severity?: 'warning',
) => changeIn(IN, code, severity)(name, plant);
const harmless = (name: string, plant: PlantedChange['plant']) => change(undefined, name, plant);

const ingressTo = (manifests: Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );
const annotate =
  (word: 'apiserver' | 'envoy', key: string, value: string) => (manifests: Manifest[]) => {
    ingressTo(manifests, word).metadata.annotations[`${NGINX}/${key}`] = value;
  };
/** Beside the API's own Ingress, one more that leads there. */
const beside = (edit: (ingress: Manifest) => void) => (manifests: Manifest[]) => {
  const more = structuredClone(ingressTo(manifests, 'apiserver'));
  more.metadata.name = 'more';
  edit(more);
  manifests.push(more);
};
const secret = (name: string, data: Manifest) => (manifests: Manifest[]) => {
  const { namespace } = ingressTo(manifests, 'envoy').metadata;
  manifests.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data });
};
const both =
  (...plants: PlantedChange['plant'][]) =>
  (manifests: Manifest[]) => {
    for (const plant of plants) plant(manifests);
  };
/** People are asked for a password at the page, which is a guard. */
const asked = (name: string) => annotate('envoy', 'auth-secret', name);

/** TLS goes through the API's Ingress, with so many paths, to pods that do not end it. */
const passed = (count: number) => (manifests: Manifest[]) => {
  const { metadata, spec } = ingressTo(manifests, 'apiserver');
  metadata.annotations[`${NGINX}/ssl-passthrough`] = 'true';
  const { paths } = spec.rules[0].http;
  if (count > 1) paths.push({ ...structuredClone(paths[0]), path: '/michelangelo.api.v2' });
  const pods = find(manifests, 'Deployment', 'apiserver').spec.template.spec;
  if (pods.volumes?.some(({ configMap }: Manifest) => configMap)) return;
  // A chart without the config of its API server.
  const { namespace } = find(manifests, 'Deployment', 'apiserver').metadata;
  const data = {
    'base.yaml':
      'apiserver:\n  auth:\n    mode: k8s-rbac\n  yarpc:\n    host: 0.0.0.0\n    port: 15566\n',
  };
  manifests.push({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'own', namespace },
    data,
  });
  pods.volumes = [{ name: 'own', configMap: { name: 'own' } }];
  pods.containers[0].volumeMounts = [{ name: 'own', mountPath: '/config' }];
};

const CHANGES: readonly PlantedChange[] = [
  change('entry-missing', 'a canary alone', annotate('apiserver', 'canary', 'true')),
  harmless('a plugin with a name of JavaScript', (manifests) => {
    const { metadata } = ingressTo(manifests, 'apiserver');
    metadata.annotations['konghq.com/plugins'] = 'odd';
    manifests.push({
      apiVersion: 'configuration.konghq.com/v1',
      kind: 'KongPlugin',
      metadata: { name: 'odd', namespace: metadata.namespace },
      plugin: 'constructor',
      config: { remove: { headers: ['te'] } },
    });
  }),
  harmless(
    'a canary beside the Ingress',
    beside((ingress) => {
      ingress.metadata.annotations[`${NGINX}/canary`] = 'true';
      delete ingress.spec.tls;
    }),
  ),
  change(
    'entry-missing',
    'everything is redirected',
    annotate('envoy', 'permanent-redirect', 'https://elsewhere.example.net'),
  ),
  harmless(
    'an old host is redirected',
    beside((ingress) => {
      ingress.metadata.annotations = {
        [`${NGINX}/permanent-redirect`]: 'https://elsewhere.example.net',
      };
      ingress.spec.rules[0].host = 'old.example.net';
      delete ingress.spec.tls;
    }),
  ),
  harmless('another host of the page is redirected, which Envoy leads to', (manifests) =>
    beside((ingress) => {
      ingress.metadata.annotations = {
        [`${NGINX}/permanent-redirect`]: 'https://elsewhere.example.net',
      };
      ingress.spec.rules[0].host = 'old.example.net';
      delete ingress.spec.tls;
      const { name } = find(manifests, 'Service', 'ui').metadata;
      ingress.spec.rules[0].http.paths[0].backend.service = { name, port: { number: 80 } };
    })(manifests),
  ),
  change('allow-list', 'everybody is denied', (manifests) => {
    annotate('envoy', 'denylist-source-range', '0.0.0.0/0')(manifests);
  }),
  harmless('somebody is denied', annotate('envoy', 'denylist-source-range', '203.0.113.0/24')),
  change(
    'allow-list',
    'everybody is answered with 403',
    annotate('envoy', 'configuration-snippet', 'return 403;'),
  ),
  harmless(
    'somebody is answered with 403',
    annotate('envoy', 'configuration-snippet', 'if ($http_user_agent ~ bot) { return 403; }'),
  ),
  change('headers-removed', 'a snippet hides how calls end', (manifests) => {
    annotate('envoy', 'configuration-snippet', 'proxy_hide_header grpc-status;')(manifests);
  }),
  change(
    'entry-request-limit',
    'a size with a unit of its own',
    annotate('envoy', 'proxy-body-size', '1kb'),
    'warning',
  ),
  harmless('a size in gigabytes', annotate('envoy', 'proxy-body-size', '2g')),
  change(
    'envoy-listener-protocol',
    'HTTP/1.0 to Envoy',
    annotate('envoy', 'proxy-http-version', '1.0'),
  ),
  harmless('HTTP/1.1 to Envoy', annotate('envoy', 'proxy-http-version', '1.1')),
  change(
    'entry-buffers',
    'answers are held back',
    annotate('envoy', 'proxy-buffering', 'on'),
    'warning',
  ),
  harmless('answers are not held back', annotate('envoy', 'proxy-buffering', 'off')),
  change('reference-missing', 'no passwords', asked('people'), 'warning'),
  change(
    'reference-missing',
    'passwords under another name',
    both(secret('people-auth', { auth: 'eA==' }), asked('peopel-auth')),
  ),
  change(
    'reference-missing',
    'passwords under another key',
    both(secret('people', { users: 'eA==' }), asked('people')),
  ),
  harmless('passwords', both(secret('people', { auth: 'eA==' }), asked('people'))),
  changeIn(['production'], undefined)(
    'passwords, with their namespace',
    both(secret('people', { auth: 'eA==' }), (manifests) => {
      const { namespace } = ingressTo(manifests, 'envoy').metadata;
      asked(`${namespace}/people`)(manifests);
    }),
  ),
  changeIn(['sound.yaml'], 'class-missing')(
    'the class is changed, and the annotations are not',
    (manifests) => {
      ingressTo(manifests, 'apiserver').spec.ingressClassName = 'contour';
    },
  ),
  // One of an Ingress, however many of its paths lead to the same pods.
  ...[1, 2].map(
    (paths): PlantedChange => ({
      ...change('backend-tls', `TLS is passed through to plain gRPC by ${paths}`, passed(paths)),
      times: 1,
    }),
  ),
];

await plantEach(CHANGES);
test.run();
