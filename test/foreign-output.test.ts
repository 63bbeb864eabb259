/** Hostile text in every place of a config and of manifests, and every form of output: none forges a line or drives a terminal. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../src/checks/index.ts';
import { checklistOf } from '../src/checks/shared/checklist.ts';
import { toGithub } from '../src/cli/check/github.ts';
import { toGitlab } from '../src/cli/check/gitlab.ts';
import { toJson } from '../src/cli/check/json.ts';
import { toJunit } from '../src/cli/check/junit.ts';
import { toMarkdown } from '../src/cli/check/markdown.ts';
import type { Outcome } from '../src/cli/check/outcome.ts';
import { toSarif } from '../src/cli/check/sarif.ts';
import { toText } from '../src/cli/check/text.ts';
import { colorsFor } from '../src/cli/colors.ts';
import { formatChanges, formatDiff } from '../src/cli/explain-text.ts';
import { formatProblems } from '../src/errors.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { changesOf } from '../src/report/changes.ts';
import { manifestDiffs } from '../src/report/manifest-diff.ts';
import { drawMermaid } from '../src/report/map/mermaid.ts';
import { drawSvg } from '../src/report/map/svg.ts';
import { reportOn } from '../src/report/overlay-report.ts';
import { page } from '../src/report/page/page.ts';
import { surfaceOf } from '../src/surface/surface.ts';
import { isObject, type Json } from '../src/yaml/json.ts';
import { applyToResourceList } from './support/function.ts';

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

const HOSTILE = [
  '\n::stop-commands::FORGED\n##[error]FORGED\r\nFORGED: all is well',
  '\u001b[2J\u009b31m\u0085\u2028\u202e\u2066\u200b\ufeff\u007f\u0000\ud800',
  '\nFORGED"<script>FORGED</script>\'`$(FORGED)',
].join('');

/** Every way to put the text into one place of a value: behind a string, or behind a key. */
function* planted(json: Json): Generator<Json> {
  if (typeof json === 'string') {
    yield json + HOSTILE;
    // Alone, where a program reads the beginning of a line.
    yield HOSTILE.trimStart();
  } else if (Array.isArray(json)) {
    for (const [index, item] of json.entries())
      for (const one of planted(item)) yield json.with(index, one);
  } else if (isObject(json)) {
    for (const [key, item] of Object.entries(json)) {
      for (const one of planted(item)) yield { ...json, [key]: one };
      const { [key]: _, ...others } = json;
      yield { ...others, [key + HOSTILE]: item };
    }
  }
}

const colors = colorsFor(process.stdout, { env: { NO_COLOR: '1' } } as never);

/** Everything that is printed about manifests, but for the manifests themselves. */
function outputsOf(config: string, input: string): Record<string, string> {
  const call = callFunction(config, Buffer.from(input));
  const manifests = call.output.length > 0 ? call.output : Buffer.from(input);
  const surface = surfaceOf(splitDocuments(manifests), {
    name: `o${HOSTILE}`,
    settings: call.loaded.settings,
  });
  const result = runChecks(surface);
  const outcome: Outcome = {
    input: { name: `${HOSTILE.trimStart()}`, file: `f${HOSTILE}`, surface },
    result,
    checklist: checklistOf(surface, result),
  };
  const reports = reportOn([{ overlay: `o/${HOSTILE}`, manifests, calls: [call] }]);
  const [report] = reports;
  assert.ok(report);
  const options = { title: HOSTILE, id: 'map', standalone: true };
  return {
    function: formatProblems(call.result.problems),
    'check text': toText([outcome], colors),
    'check json': toJson([outcome]),
    'check github': toGithub([outcome], '/'),
    'check gitlab': toGitlab([outcome], '/'),
    'check sarif': toSarif([outcome], '/'),
    'check junit': toJunit([outcome], true),
    'check markdown': toMarkdown([outcome]),
    explain: formatChanges(changesOf(call), colors),
    diff: manifestDiffs(call)
      .map((one) => formatDiff(one, colors))
      .join(''),
    page: page(reports),
    svg: drawSvg(report.map, options),
    mermaid: drawMermaid(report.map, HOSTILE),
  };
}

const UNSEEN = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function requireTame(outputs: Record<string, string>, where: string): void {
  for (const [name, output] of Object.entries(outputs)) {
    const faults = [UNSEEN, /##\w*\[/];
    if (/page|svg|mermaid/.test(name)) faults.push(/<script/);
    // Values of several lines have a sign in front of each, and what is markup has its tags.
    if (/function|check|mermaid/.test(name)) faults.push(/^\s*FORGED/m);
    faults.push(/^(?!::(?:error|warning|notice) )\s*::.*::/m);
    for (const fault of faults) {
      const found = fault.exec(output);
      if (found)
        assert.unreachable(
          `${name}: ${fault} at ${JSON.stringify(output.slice(Math.max(0, found.index - 200), found.index + 200))}, ${where}`,
        );
    }
  }
}

function valuesOf(text: string): Json[] {
  return splitDocuments(Buffer.from(text)).flatMap(({ json }) => (isObject(json) ? [json] : []));
}

const foreign = suite('hostile text');

/** Each takes a page and a map: of all places every 31st is tried, others in each input. */
const STRIDE = 31;

for (const [start, name] of ['tls-at-envoy-secret', 'gateway-issuer'].entries())
  foreign(`in any place of the manifests of ${name}`, () => {
    const documents = valuesOf(read(name, 'input.yaml'));
    const config = read(name, 'config.yaml');
    let count = start;
    for (const [index, document] of documents.entries())
      for (const changed of planted(document)) {
        count += 1;
        if (count % STRIDE !== 0) continue;
        const stream = documents.with(index, changed).map((one) => JSON.stringify(one));
        requireTame(outputsOf(config, stream.join('\n---\n')), `${name}, ${index}`);
      }
    assert.ok(count > 100, `${count} places`);
  });

foreign('in any place of a config', () => {
  const input = read('tls-acme', 'input.yaml');
  const [config] = valuesOf(read('tls-acme', 'config.yaml'));
  assert.ok(config);
  for (const changed of planted(config)) {
    const text = JSON.stringify(changed);
    requireTame(outputsOf(text, input), text);
    const { stderr, stdout } = applyToResourceList(Buffer.from(`${text}\n`), Buffer.from(input));
    requireTame({ function: stderr, results: stdout.slice(stdout.indexOf('\nresults:')) }, text);
  }
});

foreign.run();
