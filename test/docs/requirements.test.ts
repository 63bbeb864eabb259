/** The table of what is needed: it has what `verify` compares with, and what the package itself says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { type Program, REQUIREMENTS } from '../../src/surface/requirements.ts';

const READ_FROM: Readonly<Record<Program, string>> = {
  Kubernetes: '`kubectl get --raw /version`',
  'Gateway API': 'annotation `gateway.networking.k8s.io/bundle-version` of its HTTPRoute CRD',
  'cert-manager': 'label `app.kubernetes.io/version` of its Certificate CRD',
  'Prometheus operator': 'annotation `operator.prometheus.io/version` of its PrometheusRule CRD',
  'Node.js': 'the machine that builds',
  kustomize: 'the machine that builds',
};

const page = readFileSync(join(packageRoot, 'docs/requirements.md'), 'utf8');
const requirements = suite('docs/requirements.md');

requirements('has each row of the data, and no other', () => {
  const rows = REQUIREMENTS.map(
    ({ program, version, because }) =>
      `| ${program} | ${version} | ${because} | ${READ_FROM[program]} |`,
  );
  const shown = page.split('\n').filter((line) => line.startsWith('| '));
  assert.equal(shown.slice(1), rows);
});

requirements('the newest version of a program comes first', () => {
  for (const program of Object.keys(READ_FROM)) {
    const minors = REQUIREMENTS.filter((row) => row.program === program).map(({ version }) =>
      Number(/\.(\d+)/.exec(version)?.[1] ?? 0),
    );
    assert.ok(minors.length > 0, program);
    assert.equal(
      minors,
      minors.toSorted((left, right) => right - left),
      program,
    );
  }
});

requirements('Node.js and kustomize are those that the programs ask for', () => {
  const versionOf = (program: Program) =>
    REQUIREMENTS.find((row) => row.program === program)?.version ?? '';
  const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
  assert.is(JSON.parse(read('package.json')).engines.node, `>=${versionOf('Node.js')}`);
  assert.match(read('src/function.ts'), `OLDEST_NODE = ${versionOf('Node.js')};`);
  assert.match(read('src/cli/ma-overlays.js'), `OLDEST = ${versionOf('Node.js')};`);
  assert.match(read('src/cli/kustomize/find.ts'), `OLDEST = '${versionOf('kustomize')}';`);
});

requirements.run();
