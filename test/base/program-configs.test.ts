/** The configs of the base and of every overlay, held against what upstream's programs read. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { builtOverlay, CONTROL_PLANES } from '../support/overlays.ts';
import { SECTIONS, type Sections } from './program-keys.ts';
import { buildBase, manifestsIn, named } from './render.ts';

const configs = suite('configs of the programs');
const streams: [string, string][] = [['base', await buildBase()]];
for (const name of CONTROL_PLANES) streams.push([`overlays/${name}`, await builtOverlay(name)]);

const textOf = (stream: string, program: string): string =>
  named(manifestsIn(stream), 'ConfigMap', new RegExp(`michelangelo-${program}-config-`)).data?.[
    'base.yaml'
  ] ?? '';

for (const [where, stream] of streams)
  for (const [program, sections] of Object.entries(SECTIONS)) {
    configs(`${where}: ${program} reads every key, and stops at none`, () => {
      assert.equal(unread(parse(textOf(stream, program)), sections), []);
    });

    configs(
      `${where}: every variable in ${program}'s config has a value without an environment`,
      () => {
        // Comments are expanded too, and one without a default stops the program. `""` stands for none.
        const text = textOf(stream, program);
        assert.is(text.match(/\$/g)?.length ?? 0, text.match(/\$\{\w+:[^}]+\}/g)?.length ?? 0);
      },
    );
  }

configs('what is silent where it is missing is written', () => {
  for (const [where, stream] of streams) {
    const [worker, manager, server] = ['worker', 'controllermgr', 'apiserver'].map((program) =>
      parse(textOf(stream, program)),
    );
    // Plain HTTP, five calls a second, and the other workflow engine.
    for (const { minio } of [worker, manager]) assert.type(minio.secure, 'boolean', where);
    for (const { k8s } of [manager, server]) assert.equal(k8s, { qps: 300, burst: 600 }, where);
    assert.is(worker['workflow-engine'].provider, 'temporal');
    assert.is(manager.workflowClient.provider, 'Temporal');
  }
});

configs('a key that a program does not know, and one that it does not look for, are found', () => {
  const sections = SECTIONS.apiserver as Sections;
  const config = { apiserver: { yarpc: { hots: '' }, k8s: { qps: 1 } }, k8s: { qps: 1 } };
  assert.equal(unread(config, sections), ['apiserver.yarpc.hots', 'apiserver.k8s.qps']);
});

configs.run();

/** Paths of values that no section has. */
function unread(value: unknown, sections: Sections, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unread(item, sections, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const full = path === '' ? key : `${path}.${key}`;
    const isMore = Object.keys(sections).some(
      (name) => name === full || name.startsWith(`${full}.`),
    );
    if (isMore) return unread(child, sections, full);
    if (sections[path]?.includes(key)) return [];
    return typeof child === 'object' && child !== null ? unread(child, sections, full) : [full];
  });
}
