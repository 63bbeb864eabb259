/** Hosts planted anywhere in random manifests: none is left unnamed, nothing else changes, and a second time changes nothing. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DomainConfig } from '../../../src/config/generated/domain-config.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import { Chunk } from '../../../src/manifests/chunk.ts';
import { Manifests } from '../../../src/manifests/manifests.ts';
import { hostFinder } from '../../../src/net/host-occurrences.ts';
import { followOldHosts } from '../../../src/rules/follow/follow.ts';
import { Surface } from '../../../src/surface/surface.ts';
import { leavesOf } from '../../../src/yaml/json.ts';
import { printYaml } from '../../../src/yaml/yaml.ts';
import fc from '../../support/fast-check.ts';

const settings = resolveSettings({
  apiVersion: 'network.michelangelo.api/v1alpha1',
  kind: 'DomainConfig',
  metadata: { name: 'a' },
  spec: { domain: 'new.example.org', tls: { mode: 'secret' } },
} as DomainConfig);
const OLD = new Map([
  ['api.old.example.com', 'api'],
  ['app.old.example.com', 'app'],
  ['ml.old.example.com', 'both'],
] as const);
const served = { isSecure: true, port: 443 };
const old = { parts: OLD, served: { api: served, app: served, ui: served } };
const finder = hostFinder([...OLD.keys()]);

function follow(text: string) {
  const chunk = new Chunk(Buffer.from(text));
  const surface = new Surface(new Manifests([chunk]), { settings });
  const { edits, problems } = followOldHosts([chunk], old, { settings, surface });
  return { text: chunk.text, json: chunk.json, edits, problems };
}

const host = fc.constantFrom(
  ...OLD.keys(),
  'xapp.old.example.com',
  'app.old.example.com.evil.org',
  'www.app.old.example.com',
);
/** A host in one of the forms in which programs have it, or people. */
const planted = fc
  .tuple(
    host,
    fc.constantFrom(
      'H',
      'https://H/x',
      'H:443',
      'H.',
      'a.example.net,H',
      'H H',
      'Host(`H`) && Path(`/`)',
      '{"a":["H"]}',
      '{a: H}',
      'see H for more',
      '^https://R$',
      "default-src 'self' https://H",
      'a: 1\nb: [H, "H:80"]\n',
      '- H\n- x\n',
      'return 301 https://H;\nx;\n',
      '*.H',
      'ops@H',
    ),
  )
  .map(([name, form]) =>
    form.replaceAll('H', name).replace('R', name.replaceAll('.', String.raw`\.`)),
  );
const key = fc.constantFrom(
  'a',
  'name',
  'secretName',
  'value',
  'hosts',
  'x.yaml',
  'n.conf',
  'auth-snippet',
  'app.old.example.com',
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    planted,
    fc.string({ maxLength: 6 }),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(key, tie('node'), { maxKeys: 4 }),
  ),
})).node;
const data = fc.dictionary(
  key,
  fc.oneof(
    planted,
    tree.map((value) => printYaml(value)),
  ),
  { maxKeys: 3 },
);
const manifest = fc
  .tuple(fc.constantFrom('ConfigMap', 'Secret', 'VirtualService'), data, tree, fc.boolean())
  .map(([kind, texts, spec, isJson]) => {
    const json = {
      apiVersion: 'v1',
      kind,
      metadata: { name: 'a' },
      data: texts,
      stringData: texts,
      spec,
    };
    return isJson ? `${JSON.stringify(json, null, 1)}\n` : printYaml(json);
  });

test('every old host is followed or named, and nothing else changes', () => {
  fc.assert(
    fc.property(manifest, (before) => {
      const { text, json, edits, problems } = follow(before);
      const wholeIn = (one: string) => finder.find(one).filter(({ form }) => form === 'whole');
      // What is left is named: as many places at least as strings that have one.
      const left = leavesOf(json as never).filter(({ value }) => wholeIn(value).length > 0);
      if (left.length > 0) assert.ok(problems.length > 0, before);
      // Without hosts, old or new, the two texts are the same.
      const bare = (one: string) =>
        one.replace(
          /(?<![\w.*@-])(?:api|app|ml)(\\*\.)(?:old\1+example\1+com|new\1+example\1+org)/g,
          '#',
        );
      const plain = (one: string) => bare(one).replace(/["'\s]/g, '');
      assert.is(plain(text), plain(before));
      assert.is(edits.length === 0, text === before);
      assert.is(follow(text).text, text);
    }),
    { numRuns: 400 },
  );
});

test('a host by itself is followed in any place but those that are named', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'value', 'hosts'), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (path, isList) => {
        const value = path.reduceRight<unknown>(
          (inner, name) => ({ [name]: inner }),
          isList ? ['x', 'app.old.example.com'] : 'app.old.example.com',
        );
        const before = printYaml({
          apiVersion: 'a/v1',
          kind: 'Any',
          metadata: { name: 'a' },
          spec: value,
        });
        assert.is(
          follow(before).text,
          before.replace('app.old.example.com', 'app.new.example.org'),
        );
      },
    ),
  );
});

test('follows each host of a large document', () => {
  const many = (count: number) => {
    const hosts = Array.from(
      { length: count },
      (_, index) => `  - {name: v${index}, domains: ["app.old.example.com:${index}"]}\n`,
    );
    const document = `virtual_hosts:\n${hosts.join('')}`.replace(/^/gm, '    ');
    return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  envoy.yaml: |\n${document.trimEnd()}\n`;
  };
  assert.is(follow(many(4000)).edits.length, 4000);
});

test.run();
