/** What an overlay may make kustomize run, judged before it is started. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { folderWith } from '../support/temporary.ts';

const OWN =
  'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\nmetadata: {name: a}\n';
const BAD = 'apiVersion: ../../x\nkind: Y\nmetadata: {name: a}\n';
const OTHER = 'apiVersion: example.com/v1\nkind: Other\nmetadata: {name: a}\n';
const CONTAINER = `${OWN.replace('{name: a}', '{name: a, annotations: {config.kubernetes.io/function: "container: {image: x}"}}')}`;

/** Builds `overlay` out of these files with a kustomize that says when it was started; the outcome. */
async function render(
  files: Readonly<Record<string, string | Buffer | { link: string }>>,
  ...words: string[]
) {
  const cwd = folderWith({
    kustomize: '#!/bin/sh\necho v5.8.2\n[ "$1" = version ] || echo started >>started\n',
    started: '',
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    if (typeof content === 'object' && 'link' in content)
      symlinkSync(content.link, join(cwd, path));
    else writeFileSync(join(cwd, path), content);
  }
  const all = ['render', 'overlay', '--kustomize', './kustomize', ...words];
  const { status, stderr } = await run(all, { cwd });
  return { status, stderr, isStarted: readFileSync(join(cwd, 'started'), 'utf8') !== '' };
}

const overlay = (text: string) => ({ 'overlay/kustomization.yaml': text });

const ids = suite('a plugin that leads out of the plugin home');

for (const [name, files, place] of [
  ['a file', { ...overlay('transformers: [a.yaml]\n'), 'overlay/a.yaml': BAD }, 'overlay/a.yaml'],
  [
    'a generator',
    { ...overlay('generators: [a.yaml]\n'), 'overlay/a.yaml': BAD },
    'overlay/a.yaml',
  ],
  [
    'a validator',
    { ...overlay('validators: [a.yaml]\n'), 'overlay/a.yaml': BAD },
    'overlay/a.yaml',
  ],
  [
    'inline YAML',
    overlay('transformers:\n- |\n  apiVersion: ../x\n  kind: Y\n  metadata: {name: a}\n'),
    'overlay/kustomization.yaml, `transformers`',
  ],
  [
    'inline JSON',
    overlay(`transformers: ['{"apiVersion":"a/v1","kind":"../Y","metadata":{"name":"a"}}']\n`),
    'overlay/kustomization.yaml, `transformers`',
  ],
  [
    'a key in capitals',
    { ...overlay('TRANSFORMERS: [a.yaml]\n'), 'overlay/a.yaml': BAD },
    'overlay/a.yaml',
  ],
  [
    'a key in letters that Go takes for others',
    { ...overlay('tran\u017fformers: [a.yaml]\n'), 'overlay/a.yaml': BAD },
    'overlay/a.yaml',
  ],
  [
    'the second document',
    { ...overlay('transformers: [a.yaml]\n'), 'overlay/a.yaml': `${OWN}---\n${BAD}` },
    'overlay/a.yaml',
  ],
  [
    'a list',
    {
      ...overlay('transformers: [a.yaml]\n'),
      'overlay/a.yaml': 'apiVersion: v1\nkind: List\nitems: [{apiVersion: ../x, kind: Y}]\n',
    },
    'overlay/a.yaml',
  ],
  [
    'a folder of plugins',
    {
      ...overlay('transformers: [../folder]\n'),
      'folder/kustomization.yaml': 'resources: [a.yaml]\n',
      'folder/a.yaml': BAD,
    },
    'folder/a.yaml',
  ],
  [
    'a base',
    {
      ...overlay('resources: [../base]\n'),
      'base/Kustomization': 'resources: []\ntransformers: [a.yaml]\n',
      'base/a.yaml': BAD,
    },
    'base/a.yaml',
  ],
  [
    'a base of the old kind',
    {
      ...overlay('bases: [../base]\n'),
      'base/kustomization.yml': 'transformers: [a.yaml]\n',
      'base/a.yaml': BAD,
    },
    'base/a.yaml',
  ],
  [
    'a component of a base',
    {
      ...overlay('resources: [../base]\n'),
      'base/kustomization.yaml': 'components: [../component]\n',
      'component/kustomization.yaml': 'kind: Component\ngenerators: [a.yaml]\n',
      'component/a.yaml': BAD,
    },
    'component/a.yaml',
  ],
  [
    'beside the end of a link',
    {
      ...overlay('resources: [link]\n'),
      'overlay/link': { link: '../other/real' },
      'other/real/kustomization.yaml': 'transformers: [../plugins]\n',
      'other/plugins/kustomization.yaml': 'resources: [a.yaml]\n',
      'other/plugins/a.yaml': BAD,
    },
    'other/plugins/a.yaml',
  ],
  [
    'beside the end of a link that is the overlay',
    {
      overlay: { link: 'other/real' },
      'other/real/kustomization.yaml': 'transformers: [../plugins]\n',
      'other/plugins/kustomization.yaml': 'resources: [a.yaml]\n',
      'other/plugins/a.yaml': BAD,
    },
    'other/plugins/a.yaml',
  ],
] as const)
  ids(`is refused: ${name}`, async () => {
    for (const words of [[], ['--allow-plugins']]) {
      const { status, stderr, isStarted } = await render(files, ...words);
      assert.is(status, 1);
      assert.match(stderr, 'error: this names a plugin that would not be looked for inside');
      assert.match(stderr, `in        ${place}\n`);
      assert.not(isStarted);
    }
  });

for (const [apiVersion, kind] of [
  ['/absolute', 'Y'],
  ['a/b/v1', 'Y'],
  ['a/..', 'Y'],
  ['..', 'Y'],
  ['a//v1', 'Y'],
  ['a\\b', 'Y'],
  ['a/v1', '..'],
  ['a/v1', 'b/Y'],
  ['a/v1', 'Y\u0000'],
  ['a/v1\n', 'Y'],
  ['', 'Y'],
  ['a/v1', ''],
])
  ids(`is refused: ${JSON.stringify([apiVersion, kind])}`, async () => {
    const files = { 'overlay/a.json': JSON.stringify({ apiVersion, kind }) };
    const words = ['--allow-plugins'];
    const { status, stderr, isStarted } = await render(
      { ...overlay('transformers: [a.json]\n'), ...files },
      ...words,
    );
    assert.is(status, 1);
    assert.match(stderr, 'would not be looked for inside the plugin home');
    assert.not(isStarted);
  });

ids('every one is named at once', async () => {
  const { stderr } = await render({
    ...overlay('transformers: [a.yaml]\ngenerators: [b.yaml]\n'),
    'overlay/a.yaml': BAD,
    'overlay/b.yaml': BAD,
  });
  assert.match(stderr, 'overlay/a.yaml');
  assert.match(stderr, 'overlay/b.yaml');
});

ids.run();

const unseen = suite('what cannot be known before');

for (const [name, files, message] of [
  [
    'a container',
    { ...overlay('transformers: [a.yaml]\n'), 'overlay/a.yaml': CONTAINER },
    'would start a container',
  ],
  ['a remote base', overlay('resources: ["github.com/a/b//c?ref=v1"]\n'), 'a remote base'],
  [
    'a remote file of plugins',
    overlay('transformers: ["https://a.example/x.yaml"]\n'),
    'a remote base',
  ],
  [
    'a tag that hides a word',
    {
      ...overlay('transformers: [a.yaml]\n'),
      'overlay/a.yaml': 'apiVersion: v1\nkind: !!binary Li4=\n',
    },
    'cannot be read for certain',
  ],
  [
    'a line end that only go-yaml knows',
    {
      ...overlay('transformers: [a.yaml]\n'),
      'overlay/a.yaml': `# \u0085${BAD.replaceAll('\n', '\u0085')}\n${OWN}`,
    },
    'cannot be read for certain',
  ],
  [
    'plugins that are patched',
    {
      ...overlay('transformers: [../folder]\n'),
      'folder/kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: p.yaml}]\n',
      'folder/a.yaml': OWN,
    },
    '`patches` may change what these plugins run',
  ],
  ...[
    'labels: [{pairs: {config.kubernetes.io/function: x}, fields: [{path: metadata/annotations}]}]',
    'commonLabels: {config.kubernetes.io/function: x}',
    'configurations: [c.yaml]',
    'crds: [c.json]',
  ].map(
    (line) =>
      [
        `plugins with ${line.split(':')[0]}`,
        {
          ...overlay('transformers: [../folder]\n'),
          'folder/kustomization.yaml': `resources: [a.yaml]\n${line}\n`,
          'folder/a.yaml': OWN,
        },
        `\`${line.split(':')[0]}\` may change what these plugins run`,
      ] as const,
  ),
] as const)
  unseen(`needs --allow-plugins: ${name}`, async () => {
    const refused = await render(files);
    assert.is(refused.status, 1);
    assert.match(refused.stderr, message);
    assert.match(refused.stderr, '--allow-plugins');
    assert.not(refused.isStarted);
    assert.ok((await render(files, '--allow-plugins')).isStarted);
  });

unseen('is not what is said of a file with a mistake: the mistake is', async () => {
  for (const [files, mistake] of [
    [overlay('transformers: [a.yaml]\ntransformers: [b.yaml]\n'), 'duplicate key'],
    [{ ...overlay('transformers: [a.yaml]\n'), 'overlay/a.yaml': `${OWN}\tb: 1\n` }, 'a tab'],
  ] as const) {
    const { status, stderr, isStarted } = await render(files);
    assert.is(status, 1);
    assert.match(stderr, mistake);
    assert.not.match(stderr, '--allow-plugins');
    assert.not(isStarted);
  }
});

unseen('needs --allow-plugins: UTF-16, which kustomize reads', async () => {
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  const plain = overlay('transformers: [a.yaml]\n');
  for (const files of [
    { ...plain, 'overlay/a.yaml': utf16(BAD) },
    { 'overlay/kustomization.yaml': utf16('transformers: [a.yaml]\n'), 'overlay/a.yaml': OWN },
  ]) {
    const { status, stderr, isStarted } = await render(files);
    assert.is(status, 1);
    assert.match(stderr, 'cannot be read for certain');
    assert.not(isStarted);
  }
});

unseen('a plugin of others needs the plugin home that has it', async () => {
  const files = { ...overlay('transformers: [a.yaml]\n'), 'overlay/a.yaml': OTHER };
  const { status, stderr, isStarted } = await render(files);
  assert.is(status, 1);
  assert.match(stderr, 'neither ours nor built into kustomize');
  assert.match(stderr, 'apiVersion `example.com/v1`, kind `Other`');
  assert.not(isStarted);
  const home = join(import.meta.dirname, '../../plugin');
  assert.ok((await render(files, '--plugin-home', home)).isStarted);
});

unseen.run();

const fine = suite('an overlay without anything of the kind');

fine('is built: ours, built into kustomize, manifests of any shape, remote files', async () => {
  const { stderr, isStarted } = await render({
    ...overlay(`resources: [b.yaml, ../base, "https://a.example/crds/x.yaml"]
transformers:
- a.yaml
- |
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {name: a, namespace: b}
`),
    'overlay/a.yaml': `${OWN}---\n# nothing\n`,
    'overlay/b.yaml': 'apiVersion: ../x\nkind: Y\nmetadata: {name: : a\n',
    'base/kustomization.yaml': 'patches: []\nresources: [../overlay]\n',
  });
  assert.ok(isStarted, stderr);
});

fine.run();
