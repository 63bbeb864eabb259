/** What `diff` prints, in every format, of changes with names that others made. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_COLORS } from '../../../src/cli/colors.ts';
import type { Comparison, OverlayResult } from '../../../src/cli/diff/compare.ts';
import { toJson } from '../../../src/cli/diff/json.ts';
import { toMarkdown } from '../../../src/cli/diff/markdown.ts';
import { toText } from '../../../src/cli/diff/text.ts';
import { groupChanges } from '../../../src/report/diff/group.ts';
import { resourceChanges } from '../../../src/report/diff/resource-changes.ts';

const stateOf = (text: string) => ({
  manifests: Buffer.from(text),
  calls: [],
  settings: undefined,
});
const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  k: ${value}\n`;
const same = { resources: 0, failures: [] };

/** As many ConfigMaps as there are names, each changed in all overlays. */
function comparisonOf(names: readonly string[], overlays: readonly string[]): Comparison {
  const stream = (value: string) => names.map((name) => configMap(name, value)).join('---\n');
  const changes = resourceChanges(stateOf(stream('"1"')), stateOf(stream('"2"')));
  return {
    from: 'main (1a2b3c4d)',
    to: 'the work tree',
    overlays: overlays.map((overlay): OverlayResult => ({ overlay, state: 'changed', ...same })),
    entries: groupChanges(overlays.map((overlay) => ({ overlay, changes }))),
  };
}

const formats = suite('diff formats');

formats('text', () => {
  const comparison = comparisonOf(['c'], ['a', 'b']);
  const overlays = [
    ...comparison.overlays,
    { ...same, overlay: 'n', state: 'new' as const, resources: 3 },
    {
      overlay: 'f',
      state: 'failed' as const,
      resources: 0,
      failures: [{ name: 'x', messages: '' }],
    },
  ];
  assert.is(
    toText({ ...comparison, overlays }, NO_COLORS),
    `from main (1a2b3c4d) to the work tree: 1 change in 2 of 4 overlays, 1 new, 1 not built
n is new, with 3 resources
f cannot be built in x

ConfigMap c: changed in 2 overlays: a, b
@@ data.k @@
 metadata:
   name: c
 data:
-  k: "1"
+  k: "2"
`,
  );
});

formats('what is new or gone in an overlay is whole', () => {
  const [there, here] = [stateOf(configMap('c', 'a')), stateOf(configMap('d', 'b'))];
  const entries = groupChanges([{ overlay: 'a', changes: resourceChanges(there, here) }]);
  const text = toText({ ...comparisonOf([], ['a']), entries }, NO_COLORS);
  assert.match(text, '\nConfigMap d: added in a\n+apiVersion: v1\n+kind: ConfigMap\n');
  assert.match(text, '\nConfigMap c: removed in a\n-apiVersion: v1\n');
});

formats('markdown', () => {
  assert.is(
    toMarkdown(comparisonOf(['c'], ['a', 'b'])),
    `### from main \\(1a2b3c4d\\) to the work tree: 1 change in 2 of 2 overlays

| | What | Where |
| --- | --- | --- |
| changed | \`ConfigMap c\` | 2 overlays: a, b |

<details><summary>changed: <code>ConfigMap c</code>, in 2 overlays</summary>

\`\`\`diff
@@ data.k @@
 metadata:
   name: c
 data:
-  k: "1"
+  k: "2"
\`\`\`

</details>
`,
  );
});

formats('a comment has a limit, and what is left out is counted', () => {
  const names = Array.from({ length: 600 }, (_, index) => `a-name-that-is-long-${index}`);
  const overlays = Array.from({ length: 50 }, (_, index) => `overlays/environment-${index}`);
  const markdown = toMarkdown(comparisonOf(names, overlays));
  assert.ok(markdown.length <= 65_536);
  assert.match(markdown, /comment has 65536 characters: \d+ rows and the lines of 600 changes\./);
  assert.match(markdown, '50 overlays: overlays/environment-0,');
  assert.match(markdown, 'overlays/environment-7 and 42 more');
  const some = toMarkdown(comparisonOf(names.slice(0, 20), ['a']), 5000);
  assert.ok(some.length <= 5000);
  assert.match(some, /characters: the lines of \d+ changes\./);
  const text = toText(comparisonOf(names, ['a']), NO_COLORS, 5000);
  assert.ok(text.length <= 5100);
  assert.match(text, /\n\d+ changes more, beyond --limit\n$/);
});

formats('what others wrote forges nothing', () => {
  const comparison = comparisonOf(['"<b>|@team|`x`"'], ['"a|b\\n::error::"']);
  const hostile: Comparison = {
    ...comparison,
    overlays: [{ ...same, overlay: 'a\n::error::x', state: 'new', resources: 1 }],
    entries: comparison.entries.map((entry) => ({
      ...entry,
      blocks: entry.blocks.map((block) => ({
        ...block,
        path: 'a\n+b',
        added: ['```', '</details>', '\u001b[31m::error::'],
      })),
    })),
  };
  for (const text of [toText(hostile, NO_COLORS), toMarkdown(hostile), toJson(hostile)]) {
    assert.not.match(text, '\u001b');
    assert.not.match(text, /^::error::/m);
  }
  const markdown = toMarkdown(hostile);
  assert.match(markdown, '\n````diff\n');
  assert.not.match(markdown, /^\+b/m);
  assert.match(markdown, '<code>ConfigMap &lt;b&gt;|@team|`x`</code>');
  assert.equal(JSON.parse(toJson(hostile)).changes[0].lines[0].added[2], '\u001b[31m::error::');
});

formats('a text of very many lines', () => {
  const lines = '    `a`\n'.repeat(160_000);
  const [there, here] = [configMap('c', '"1"'), configMap('c', `|\n${lines}`)];
  const changes = resourceChanges(stateOf(there), stateOf(here));
  const comparison = {
    ...comparisonOf([], ['a']),
    entries: groupChanges([{ overlay: 'a', changes }]),
  };
  assert.match(toText(comparison, NO_COLORS).slice(-40), '\n+    `a`\n+    `a`\n');
  assert.match(toMarkdown(comparison), 'the lines of 1 change');
});

formats.run();
