/** Each way in which the reference says that a part is recognized, on the smallest manifests that have it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { referencePage } from '../../src/build/reference-page.ts';
import { type Resource, ROLE_LABEL } from '../../src/manifests/resource.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { ROLES, type Role } from '../../src/surface/roles.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';

const surfaceWith = (...documents: string[]): Surface =>
  surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))));

const labelled = (role: string) => `labels: {${ROLE_LABEL}: ${role}}`;
const service = (name: string, spec: string, more = '') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ml, ${more}}\nspec: ${spec}\n`;
const configMap = (name: string, key: string, text: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ml, ${more}}\ndata: {${key}: ${JSON.stringify(text)}}\n`;
const pods = (name: string, container: string, volumes = '[]') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: ml}\nspec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [${container}], volumes: ${volumes}}}}\n`;
const ingress = (name: string, backend: string, port: number, more = '') =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}, namespace: ml, ${more}}\nspec: {rules: [{host: ${name}.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: ${backend}, port: {number: ${port}}}}}]}}]}\n`;

const base = surfaceOf(
  splitDocuments(readFileSync(join(packageRoot, 'test/cases/tls-secret/input.yaml'))),
);
const envoyText = base.envoys[0]?.resource.document(base.envoys[0].key)?.text ?? '';

const API = service('grpc', '{selector: {app: api}, ports: [{port: 15566}]}');
const CONTAINER = '{name: api, ports: [{containerPort: 15566}]}';
const ENVOY = configMap('proxy', 'envoy.yaml', envoyText);
const PAGE = configMap('page', 'config.json', '{"apiBaseUrl": "https://a.example.com"}');
const VOLUME = '[{name: c, configMap: {name: page}}]';

/** What plays a role in a surface, by name. */
const PLAYERS: Readonly<Record<Role, (surface: Surface) => readonly Resource[]>> = {
  'api-server': ({ apiServices }) => apiServices,
  envoy: ({ envoys }) => envoys.map(({ resource }) => resource),
  worker: ({ workers }) => workers.map(({ resource }) => resource),
  ui: ({ uis }) => uis.map(({ resource }) => resource),
  'controller-manager': ({ controllerManagers }) =>
    controllerManagers.map(({ resource }) => resource),
  'task-pods': ({ taskPods }) => taskPods,
  'api-entry': (surface) => surface.ingressesOf('api').map(toResource),
  'app-entry': (surface) => surface.ingressesOf('app').map(toResource),
  'ui-entry': (surface) => surface.ingressesOf('ui').map(toResource),
};

function toResource(one: Resource | { resource: Resource }): Resource {
  return 'resource' in one ? one.resource : one;
}

const roles = suite('how parts are recognized');

const CASES: readonly [role: Role, how: string, documents: readonly string[], names: string[]][] = [
  ['api-server', 'by its port', [API], ['grpc']],
  [
    'api-server',
    'by its targetPort',
    [service('a', '{ports: [{port: 80, targetPort: 15566}]}')],
    ['a'],
  ],
  [
    'api-server',
    'by its name',
    [service('eu-michelangelo-apiserver-x', '{ports: [{port: 80}]}')],
    ['eu-michelangelo-apiserver-x'],
  ],
  [
    'api-server',
    'by its pods',
    [service('a', '{selector: {app: api}, ports: [{port: 80}]}'), pods('api', CONTAINER)],
    ['a'],
  ],
  [
    'api-server',
    'without its headless twin',
    [API, service('twin', '{clusterIP: None, ports: [{port: 15566}]}')],
    ['grpc'],
  ],
  [
    'api-server',
    'headless, where there is no other',
    [service('twin', '{clusterIP: None, ports: [{port: 15566}]}')],
    ['twin'],
  ],
  [
    'api-server',
    'by its label alone',
    [API, service('b', '{ports: [{port: 1}]}', labelled('api-server'))],
    ['b'],
  ],
  [
    'api-server',
    'not where a label says another role',
    [service('a', '{ports: [{port: 15566}]}', labelled('envoy'))],
    [],
  ],
  ['envoy', 'by a route to the API server', [API, ENVOY], ['proxy']],
  [
    'envoy',
    'by its form, where no other is there',
    [
      configMap(
        'proxy',
        'envoy.yaml',
        envoyText.replaceAll('apiserver', 'elsewhere').replaceAll('15566', '1'),
      ),
    ],
    ['proxy'],
  ],
  [
    'worker',
    'by worker.address, of several',
    [
      configMap('a', 'base.yaml', 'worker: {address: x:1}\n'),
      configMap('b', 'base.yaml', 'worker: {address: y:1}\n'),
    ],
    ['a', 'b'],
  ],
  ['worker', 'not without an address', [configMap('a', 'base.yaml', 'worker: {}\n')], []],
  [
    'worker',
    'by a label, beside others',
    [
      configMap('a', 'base.yaml', 'worker: {}\n', labelled('worker')),
      configMap('b', 'base.yaml', 'worker: {address: y:1}\n'),
    ],
    ['a', 'b'],
  ],
  ['ui', 'by apiBaseUrl in JSON', [PAGE], ['page']],
  [
    'ui',
    'not in YAML',
    [configMap('page', 'config.yaml', 'apiBaseUrl: https://a.example.com\n')],
    [],
  ],
  [
    'ui',
    'by its label alone',
    [PAGE, configMap('b', 'x.json', '{"apiBaseUrl": ""}', labelled('ui'))],
    ['b'],
  ],
  [
    'controller-manager',
    'by controllermgr',
    [configMap('c', 'base.yaml', 'controllermgr: {}\n')],
    ['c'],
  ],
  [
    'task-pods',
    'by its name and variables',
    [configMap('michelangelo-config', 'REGISTRY_ENDPOINT', 'x:1')],
    ['michelangelo-config'],
  ],
  ['api-entry', 'by its backend', [API, ingress('api', 'grpc', 15566)], ['api']],
  [
    'api-entry',
    'by its label alone',
    [API, ingress('api', 'grpc', 15566), ingress('b', 'c', 1, labelled('api-entry'))],
    ['b'],
  ],
  [
    'app-entry',
    'by its backend',
    [
      API,
      ENVOY,
      pods(
        'proxy',
        '{name: e, ports: [{containerPort: 8081}]}',
        '[{name: c, configMap: {name: proxy}}]',
      ),
      service('front', '{selector: {app: proxy}, ports: [{port: 8081}]}'),
      ingress('app', 'front', 8081),
    ],
    ['app'],
  ],
  [
    'ui-entry',
    'by its backend',
    [
      PAGE,
      pods('ui', '{name: u, ports: [{containerPort: 80}]}', VOLUME),
      service('web', '{selector: {app: ui}, ports: [{port: 80}]}'),
      ingress('ui', 'web', 80),
    ],
    ['ui'],
  ],
];

for (const [role, how, documents, names] of CASES)
  roles(`${role}: ${how}`, () => {
    const found = PLAYERS[role](surfaceWith(...documents)).map(({ name }) => name);
    assert.equal(found.toSorted(), names);
  });

roles('the reference has every role, and every role is tried here', () => {
  const page = referencePage();
  for (const role of Object.keys(ROLES) as Role[]) {
    assert.match(page, `| \`${role}\` | `);
    assert.ok(
      CASES.some(([tried]) => tried === role),
      role,
    );
  }
});

roles.run();
