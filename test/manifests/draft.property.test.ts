/** A draft reconciles whatever is there with whatever is wanted, and its edits can be carried out on the text. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Chunk } from '../../src/manifests/chunk.ts';
import { Draft } from '../../src/manifests/edit.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { resourcesOf } from '../../src/manifests/resource.ts';
import { equalJson, getIn, type Json } from '../../src/yaml/json.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);

interface Item {
  [key: string]: Json;
  host: string;
  paths: number[];
}

const paths = fc.array(fc.nat(3), { maxLength: 3 });

/** Items of two lists: some go, some come, and those that stay keep their order. */
const lists = fc
  .array(fc.record({ fate: fc.constantFrom('stay', 'go', 'come'), paths }), {
    minLength: 1,
    maxLength: 7,
  })
  .map((all) => {
    const items = all.map((each, index): Item => ({ host: `h${index}`, paths: each.paths }));
    const without = (fate: string) => items.filter((_, index) => all[index]?.fate !== fate);
    return { old: without('come'), wanted: without('go') };
  })
  .filter(({ old, wanted }) => old.length > 0 && wanted.length > 0);

/** Every item in a style of its own, with a comment of its own. */
const written = (items: readonly Item[], flow: boolean) =>
  items
    .map(({ host, paths }, index) =>
      flow
        ? `    - {host: '${host}', paths: [${paths.join(', ')}]} # item ${index};\n`
        : `    - host: '${host}' # item ${index};\n      paths: [${paths.join(', ')}]\n`,
    )
    .join('');

test('a list becomes what is wanted, and an item that stays keeps its line', () => {
  fc.assert(
    fc.property(lists, fc.boolean(), fc.boolean(), ({ old, wanted }, flow, isLast) => {
      const after = isLast ? '' : 'status: |+\n  x\n\n';
      const text = `kind: A\nspec:\n  rules:\n${written(old, flow)}${after}`;
      const chunk = new Chunk(Buffer.from(text));
      const [resource] = resourcesOf(chunk).resources;
      if (!resource) throw new Error('no resource');
      const draft = new Draft(resource);
      draft.reconcile(['spec', 'rules'], wanted, 'spec');
      applyEdits(draft.edits);
      assert.ok(
        equalJson(getIn(parseYaml(chunk.text).json, ['spec', 'rules']), wanted),
        chunk.text,
      );
      assert.ok(chunk.text.endsWith(after));
      for (const line of written(old, flow)
        .split('\n')
        .filter((_, index) => flow || index % 2 === 0)) {
        const stays = wanted.some(({ host }) => line.includes(`'${host}'`));
        if (stays) assert.ok(chunk.text.includes(line), `${text}=====\n${chunk.text}`);
      }
    }),
    { numRuns, includeErrorInReport: true },
  );
});

test.run();
