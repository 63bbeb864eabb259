/** Findings of overlays stand at the line that a person would edit: in the base, a patch, a file of a generator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../../src/checks/check.ts';
import type { Io } from '../../../src/cli/io.ts';
import { findBuilder } from '../../../src/cli/kustomize/build-options.ts';
import { placeInSources } from '../../../src/cli/places/built-overlay.ts';
import { bundled, isInstalled, type KustomizeProgram, newest } from '../../support/kustomize.ts';
import { problem } from '../../support/outcomes.ts';
import { folderWith } from '../../support/temporary.ts';

const DEPLOYMENT = `# The program
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: example.com/web
          env:
            - name: A
              value: "1"
        - name: second
          image: example.com/second:1
          ports:
            - containerPort: 81
`;

const PROJECT = {
  'base/kustomization.yaml': `resources: [web.yaml, admin.yaml, list.yaml, two.yaml]
configMapGenerator:
  - name: settings
    files: [config.yaml, renamed.json=ui.json]
    literals:
      - level=info
    envs: [keys.env]
  - name: more-settings
    files: [config.yaml, ui.yaml]
`,
  'base/web.yaml': DEPLOYMENT,
  'base/admin.yaml': DEPLOYMENT.replace('name: web', 'name: web-admin'),
  'base/two.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web-admin
spec:
  ports:
    - port: 90
`,
  'base/list.yaml': `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: hidden
    stringData:
      password: never-shown
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: listed
    data:
      app.yaml: |
        servers:
          - host: a
          - host: b
`,
  'base/config.yaml': 'servers:\n  - name: one\n    port: 1\n  - name: two\n    port: 2\n',
  'base/ui.yaml': 'port: 79\n',
  'base/ui.json': '{\n  "url": "x"\n}\n',
  'base/keys.env': '# Keys\nFIRST=1\nSECOND=2\n',
  'parts/patches/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - path: web.yaml
`,
  'parts/patches/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - name: B
              value: "2"
        - name: third
          image: example.com/third
`,
  'overlays/eu/kustomization.yaml': `namePrefix: eu-
namespace: shop
resources:
  - ../../base
components:
  - ../../parts/patches
configMapGenerator:
  - name: settings
    behavior: merge
    files: [ui.yaml]
  - name: own
    literals: [a=b]
replicas:
  - name: web-admin
    count: 0 # also
  - name: web
    count: 0
images:
  - name: example.com/web
    newTag: latest
patches:
  - target:
      kind: Service
      name: web-admin
    patch: |
      - op: replace
        path: /spec/ports/0/port
        value: 91
`,
  'overlays/eu/ui.yaml': 'page: true\nport: 80\n',
};

const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
const ioIn = (cwd: string): Io => ({
  stdin: Readable.from([]),
  stdout: silent,
  stderr: silent,
  env: process.env,
  cwd,
});

/** Places findings that an overlay could have had. */
async function place(
  cwd: string,
  overlay: string,
  findings: readonly Finding[],
  { command }: KustomizeProgram = bundled,
  options = {},
): Promise<Finding[]> {
  const io = ioIn(cwd);
  const builder = await findBuilder({ kustomize: command, ...options }, io);
  return placeInSources(findings, { overlay, builder, calls: [], surface: undefined }, io);
}

const found = (kind: string, name: string, path?: string): Finding => {
  const resource = { apiVersion: 'v1', kind, namespace: 'shop', name };
  return problem({ code: 'no-replicas', message: 'x', resource, ...(path ? { path } : {}) });
};

/** Of `web` with variables B and A, `third`, `second`: kustomize puts what a patch adds where it likes. */
const container = 'spec.template.spec.containers';
const CASES: readonly [Finding, file: string, line: string][] = [
  [found('Deployment', 'eu-web'), 'base/web.yaml', 'kind: Deployment'],
  [found('Deployment', 'eu-web', 'spec.nothing.there'), 'base/web.yaml', 'spec:'],
  [found('Deployment', 'eu-web', 'spec.replicas'), 'overlays/eu/kustomization.yaml', 'count: 0'],
  [
    found('Deployment', 'eu-web', `${container}[1].image`),
    'parts/patches/web.yaml',
    'image: example.com/third',
  ],
  [
    found('Deployment', 'eu-web', `${container}[0].image`),
    'overlays/eu/kustomization.yaml',
    'newTag: latest',
  ],
  [
    found('Deployment', 'eu-web', `${container}[0].env[0].value`),
    'parts/patches/web.yaml',
    'value: "2"',
  ],
  [found('Deployment', 'eu-web', `${container}[0].env[1].value`), 'base/web.yaml', 'value: "1"'],
  [
    found('Deployment', 'eu-web', `${container}[2].ports[0].containerPort`),
    'base/web.yaml',
    '- containerPort: 81',
  ],
  [
    found('Deployment', 'eu-web', `${container}[2].livenessProbe`),
    'base/web.yaml',
    '- name: second',
  ],
  [
    found('Deployment', 'eu-web-admin', 'spec.replicas'),
    'overlays/eu/kustomization.yaml',
    'count: 0 # also',
  ],
  [
    found('ConfigMap', 'eu-more-settings-ffffffffff', 'data[ui.yaml].port'),
    'base/ui.yaml',
    'port: 79',
  ],
  [found('Service', 'eu-web', 'spec.ports[0].port'), 'base/two.yaml', '- port: 80'],
  [
    found('Service', 'eu-web-admin', 'spec.ports[0].port'),
    'overlays/eu/kustomization.yaml',
    'value: 91',
  ],
  [
    found('ConfigMap', 'eu-listed', 'data[app.yaml].servers[1].host'),
    'base/list.yaml',
    '- host: b',
  ],
  [found('Secret', 'eu-hidden', 'stringData.password'), 'base/list.yaml', 'password: never-shown'],
  [found('Secret', 'eu-hidden'), 'base/list.yaml', 'kind: Secret'],
  [
    found('ConfigMap', 'eu-settings-ffffffffff', 'data[config.yaml].servers[1].port'),
    'base/config.yaml',
    'port: 2',
  ],
  [
    found('ConfigMap', 'eu-settings-ffffffffff', 'data[renamed.json].url'),
    'base/ui.json',
    '"url": "x"',
  ],
  [found('ConfigMap', 'eu-settings-ffffffffff', 'data.SECOND'), 'base/keys.env', 'SECOND=2'],
  [
    found('ConfigMap', 'eu-settings-ffffffffff', 'data.level'),
    'base/kustomization.yaml',
    '- level=info',
  ],
  [
    found('ConfigMap', 'eu-settings-ffffffffff', 'data[ui.yaml].port'),
    'overlays/eu/ui.yaml',
    'port: 80',
  ],
  [
    found('ConfigMap', 'eu-settings-ffffffffff', 'data[config.yaml], line 3 of it'),
    'base/config.yaml',
    'port: 1',
  ],
  [
    found('ConfigMap', 'eu-more-settings-ffffffffff'),
    'base/kustomization.yaml',
    '- name: more-settings',
  ],
  [found('ConfigMap', 'eu-own-ffffffffff'), 'overlays/eu/kustomization.yaml', '- name: own'],
];

const places = suite('places of a built overlay');

for (const program of [bundled, newest])
  places(`are where a person would edit: ${program.name}`, async () => {
    if (!(await isInstalled(program))) return;
    const cwd = folderWith(PROJECT);
    const placed = await place(
      cwd,
      'overlays/eu',
      CASES.map(([finding]) => finding),
      program,
    );
    for (const [index, [finding, file, text]] of CASES.entries()) {
      const { resource, path, ...at } = placed[index] as Finding;
      assert.is(at.file, file, `${resource?.name} ${path}`);
      const lines = readFileSync(join(cwd, at.file ?? ''), 'utf8').split('\n');
      assert.is(lines[(at.line ?? 0) - 1]?.trim(), text, `${finding.resource?.name} ${path}`);
    }
  });

places(
  'are those of the patch that holds: the outer layer, the last one, the one whose target fits',
  async () => {
    const patch = (word: string, value: number, rest = '') =>
      `  - target: {${word}}\n    patch: '[{"op": "replace", "path": "/spec/replicas", "value": ${value}}]'${rest}\n`;
    const cwd = folderWith({
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml': DEPLOYMENT,
      'inner/kustomization.yaml': `resources: [../base]
patches:
${patch('name: web', 3, ' # inner')}`,
      'regex/kustomization.yaml': `resources: [../base]
patches:
${patch('kind: Deployment|StatefulSet', 3, ' # kinds')}${patch('name: "api.*"', 3, ' # other name')}${patch('kind: Deployment, labelSelector: a=b', 3, ' # labels')}`,
      'outer/kustomization.yaml': `resources: [../inner]
patches:
${patch('name: w.b', 3, ' # earlier')}${patch('name: web', 3, ' # outer')}`,
      'merge/kustomization.yaml': `resources: [../base]
patchesStrategicMerge:
  - |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {replicas: 4} # merged
`,
      'json/kustomization.yaml': `resources: [../base]
patchesJson6902:
  - target: {group: apps, version: v1, kind: Deployment, name: web}
    path: patch.yaml
`,
      'json/patch.yaml': `- op: replace
  path: /spec/replicas
  value: 1
- op: replace
  path: /spec/replicas
  value: 5
- op: add
  path: /metadata/annotations
  value: {a: b}
`,
    });
    for (const [overlay, file, text] of [
      ['inner', 'inner/kustomization.yaml', '# inner'],
      ['regex', 'regex/kustomization.yaml', '# kinds'],
      ['outer', 'outer/kustomization.yaml', '# outer'],
      ['merge', 'merge/kustomization.yaml', '# merged'],
      ['json', 'json/patch.yaml', 'value: 5'],
    ] as const) {
      const replicas: Finding = {
        ...found('Deployment', 'web', 'spec.replicas'),
        resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      };
      const [placed] = await place(cwd, overlay, [replicas]);
      assert.is(placed?.file, file, overlay);
      const line = readFileSync(join(cwd, file), 'utf8').split('\n')[(placed?.line ?? 0) - 1];
      assert.match(line ?? '', text, overlay);
    }
  },
);

places('stay open where kustomize does not build it again, and nothing fails', async () => {
  const kustomize = `#!/bin/sh
case "$1" in version) echo v5.0.0 ;; *) exit 1 ;; esac
`;
  const cwd = folderWith({ ...PROJECT, kustomize });
  const program = { ...bundled, command: join(cwd, 'kustomize') };
  const findings = CASES.map(([finding]) => finding);
  assert.equal(await place(cwd, 'overlays/eu', findings, program), findings);
});

places('cost nothing where there is none to find', async () => {
  const script = '#!/bin/sh\necho "$1" >> calls; echo v5.0.0\n';
  const cwd = folderWith({ ...PROJECT, kustomize: script });
  const program = { ...bundled, command: join(cwd, 'kustomize') };
  const { resource: _, ...whole } = found('Service', 'eu-web');
  const known = { ...found('Service', 'eu-web'), file: 'a.yaml' };
  assert.equal(await place(cwd, 'overlays/eu', [whole, known], program), [whole, known]);
  assert.is(readFileSync(join(cwd, 'calls'), 'utf8'), 'version\n');
});

places('leave out what may be one of two', async () => {
  const service = (namespace: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: ${namespace}}\n`;
  const cwd = folderWith({
    'o/kustomization.yaml': 'resources: [a.yaml]\nnameSuffix: -x\n',
    'o/a.yaml': `${service('shop')}---\n${service('other')}`,
  });
  const [here, ...others] = await place(cwd, 'o', [
    found('Service', 'a-x'),
    { ...found('Service', 'a-x'), resource: { apiVersion: 'v1', kind: 'Service', name: 'a-x' } },
  ]);
  assert.equal([here?.file, here?.line], ['o/a.yaml', 2]);
  assert.equal([others[0]?.file, others[0]?.line], [undefined, undefined]);
});

places('of a remote base are the line that lists it, with repository and file', async () => {
  if (!(await isInstalled(newest))) return;
  const remote = folderWith(PROJECT);
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: remote,
    });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message=a');
  const cwd = folderWith({
    'o/kustomization.yaml': `namespace: shop\nresources:\n  - file://${remote}//base?ref=main\n`,
  });
  const [placed] = await place(cwd, 'o', [found('Deployment', 'web')], newest, {
    allowPlugins: true,
  });
  assert.equal([placed?.file, placed?.line], ['o/kustomization.yaml', 3]);
  assert.is(placed?.from, `file://${remote}, ref main: base/web.yaml`);
});

places('of a remote base do not show who may fetch it', async () => {
  const kustomize = `#!/bin/sh
case "$1" in version) echo v5.0.0 ;; *) cat "\${0%/*}/built.yaml" ;; esac
`;
  const built = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    config.kubernetes.io/origin: |
      path: base/web.yaml
      ref: main
      repo: https://somebody:token@git.example.com/base
`;
  const cwd = folderWith({
    'o/kustomization.yaml': 'resources: []\n',
    kustomize,
    'built.yaml': built,
  });
  const program = { ...bundled, command: join(cwd, 'kustomize') };
  const [placed] = await place(cwd, 'o', [found('Deployment', 'web')], program);
  assert.is(placed?.from, 'https://git.example.com/base, ref main: base/web.yaml');
});

places.run();
