import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Changes } from '../../src/report/changes.ts';
import { compareChanges, compareFindings } from '../../src/report/compare.ts';
import type { Json } from '../../src/yaml/json.ts';
import { problem } from '../support/outcomes.ts';

const compare = suite('report/compare');
const resource = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };

function changes(values: Record<string, Json>, added: Json[] = []): Changes {
  return {
    config: 'a',
    changed: Object.entries(values).map(([path, value]) => ({
      ...{ resource, baseName: 'a', path, old: 'x', new: value, field: 'spec.domain' },
    })),
    added: added.map((json) => ({ resource, baseName: 'a', json, field: 'spec.tls' })),
    removed: [],
  };
}

compare('names what is new, gone and changed, and counts the rest', () => {
  const { differences, unchanged } = compareChanges(
    [changes({ same: 1, other: 1, gone: 1 }, [{ a: 1 }])],
    [changes({ same: 1, other: 2, new: 1 }, [{ a: 1 }])],
  );
  assert.equal(
    differences.map(({ path, state, there, here }) => [path, state, there, here]),
    [
      ['other', 'changed', 1, 2],
      ['new', 'new', undefined, 1],
      ['gone', 'gone', 1, undefined],
    ],
  );
  assert.is(unchanged, 2);
});

compare(
  'a finding is the same one where its place is, whatever it says; a second one is new',
  () => {
    const at = (message: string, path: string) => problem({ code: 'ui-url', message, path });
    const [old, left] = [at('a', 'spec'), at('b', 'gone')];
    const [same, again, fresh] = [at('c', 'spec'), at('d', 'spec'), at('e', 'new')];
    const { fresh: found, fixed } = compareFindings([old, left], [same, again, fresh]);
    assert.equal([...found], [again, fresh]);
    assert.equal(fixed, [left]);
  },
);

compare("kustomize's hash makes no other finding of one", () => {
  const found = problem({ code: 'ui-url', message: 'a', name: 'config-9tg2f4kbm5' });
  const there = problem({ code: 'ui-url', message: 'a', name: 'config-5h2mfk9c8d' });
  const { fresh, fixed } = compareFindings([there], [found]);
  assert.equal([fresh.size, fixed.length], [0, 0]);
});

compare('a warning that became an error is new', () => {
  const found = problem({ code: 'ui-url', message: 'a' });
  const { fresh, fixed } = compareFindings([{ ...found, severity: 'warning' }], [found]);
  assert.equal([fresh.size, fixed.length], [1, 1]);
});

compare.run();
