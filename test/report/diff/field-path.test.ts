import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commonPath } from '../../../src/report/diff/field-path.ts';

const TEXT = `kind: Deployment
metadata:
  annotations:
    a.b/c: "d"
spec:
  containers:
  - image: a
    env:
    - name: LOG
      value: b
    - value: c
      name: TWO
    args:
    - --x
    - --y
    name: worker
  - name: other
    ports:
    - containerPort: 1
    - containerPort: 2
  tls:
  - hosts:
    - a.example.com
data:
  base.yaml: |
    # a comment
    worker:
      list:
        - - 1
          - deep
  ui.json: |
    {
      "apiBaseUrl": "x",
      "deep": {
        "a": 1
      }
    }`;
const lines = TEXT.split('\n');

for (const [line, path] of [
  ['kind: Deployment', 'kind'],
  ['    a.b/c: "d"', 'metadata.annotations[a.b/c]'],
  ['  - image: a', 'spec.containers[worker].image'],
  ['      value: b', 'spec.containers[worker].env[LOG].value'],
  ['    - value: c', 'spec.containers[worker].env[TWO].value'],
  ['    - --y', 'spec.containers[worker].args[1]'],
  ['    - containerPort: 2', 'spec.containers[other].ports[1].containerPort'],
  ['    - a.example.com', 'spec.tls[0].hosts[0]'],
  ['    # a comment', 'data[base.yaml]'],
  ['          - deep', 'data[base.yaml].worker.list[0][1]'],
  ['      "apiBaseUrl": "x",', 'data[ui.json].apiBaseUrl'],
  ['        "a": 1', 'data[ui.json].deep.a'],
] as const)
  test(`finds where a line stands: ${path}`, () => {
    const index = lines.indexOf(line);
    assert.ok(index >= 0);
    assert.is(commonPath([[lines, [index]]]), path);
  });

test('several lines stand where all of them do', () => {
  const name = lines.indexOf('    - name: LOG');
  assert.is(commonPath([[lines, [name, name + 1]]]), 'spec.containers[worker].env[LOG]');
  const last = lines.indexOf('    name: worker');
  assert.is(commonPath([[lines, [name, last]]]), 'spec.containers[worker]');
});

test.run();
