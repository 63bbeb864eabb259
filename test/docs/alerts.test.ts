/** The page about alerts says of each what is rendered, and shows what is rendered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { parseStream } from '../support/function.ts';
import { builtOverlay } from '../support/overlays.ts';

interface Rule {
  alert: string;
  for: string;
  labels: { severity: string };
}

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const page = read('docs/alerts.md');
const blocks = [...page.matchAll(/^```yaml\n([^`]*)^```$/gm)].map(([, text]) => text ?? '');
const rendered = builtOverlay('production');
const alerts = suite('docs/alerts');

alerts('every alert has its section, with its severity and its time', async () => {
  const [file] = parseStream(await rendered).filter(
    (one) => (one as { kind: string }).kind === 'PrometheusRule',
  );
  const { groups } = (file as { spec: { groups: { rules: Rule[] }[] } }).spec;
  const rules = groups.flatMap((group) => group.rules);
  const sections = [...page.matchAll(/^### (\w+)\n\n(\w+), after (\w+)[.,]/gm)];
  assert.equal(
    sections.map(([, ...section]) => section.join(' ')),
    rules.map((rule) => `${rule.alert} ${rule.labels.severity} ${rule.for}`),
  );
});

alerts('the config is that of overlays/production', () => {
  const lines = (blocks[0] ?? '').replace(/^spec:\n/, '');
  assert.ok(read('overlays/production/domain.yaml').includes(lines));
});

alerts('what is shown is what it renders', async () => {
  assert.is(blocks.length, 2);
  assert.ok((await rendered).includes(`---\n${blocks[1]}---\n`));
});

alerts.run();
