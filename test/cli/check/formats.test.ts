import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS, print } from '../../../src/cli/check/formats.ts';
import { fingerprints } from '../../../src/cli/check/location.ts';
import { run } from '../../support/command-line.ts';
import { rememberingKustomize } from '../../support/kustomize.ts';
import { outcomeOf, problem } from '../../support/outcomes.ts';
import { folderWith } from '../../support/temporary.ts';
import { readXml } from '../../support/xml.ts';
import { GITLAB, SARIF } from './schemas.ts';

const formats = suite('check/formats');
const ajv = new Ajv({ allErrors: true, strict: true });
const validators = { sarif: ajv.compile(SARIF), gitlab: ajv.compile(GITLAB) };
const io = { cwd: '/project', env: {}, stdout: {} } as never;

/** Controls, halves of surrogates, markup of every format, a word of each runner. */
const HOSTILE = 'a\u0000\u001b[31m\n::error::b\ud800\u202e<c>&"\'`|##vso[d]%@e]]>\ufffe';

function requireValid(format: string, output: string): void {
  if (format === 'sarif' || format === 'gitlab') {
    const validate = validators[format];
    assert.ok(validate(JSON.parse(output)), JSON.stringify(validate.errors?.slice(0, 3)));
  }
  if (format === 'json') JSON.parse(output);
  if (format === 'junit') readXml(output);
  if (format === 'markdown') {
    assert.ok(output.length < 65_536);
    const rows = output.split('\n').filter((line) => line.startsWith('| '));
    // A bar that is escaped divides nothing.
    for (const row of rows) assert.is(row.replaceAll('\\|', '').split('|').length, 6, row);
  }
  if (format === 'github')
    for (const line of output.split('\n').slice(0, -2)) assert.match(line, /^::(error|warning) /);
}

for (const format of FORMATS)
  formats(`${format} is valid for names that somebody made up`, () => {
    const found = { message: HOSTILE, name: HOSTILE, path: HOSTILE, fix: HOSTILE };
    const findings = [
      problem({ ...found, code: 'ui-url' }),
      problem({ ...found, code: 'ui-url', file: HOSTILE, line: 3, column: 1, severity: 'warning' }),
    ];
    requireValid(format, print([outcomeOf(findings, HOSTILE)], { format }, io));
    requireValid(format, print([outcomeOf([], HOSTILE)], { format }, io));
  });

for (const format of FORMATS)
  formats(`${format} is valid for 3,000 findings, and tells how many there are`, () => {
    const findings = Array.from({ length: 3000 }, (_, index) =>
      problem({ code: 'ui-url', message: `the URL says ${index}`, name: `entry-${index}` }),
    );
    const output = print([outcomeOf(findings)], { format }, io);
    requireValid(format, output);
    if (format === 'sarif') assert.is(JSON.parse(output).runs[0].results.length, 3000);
    else if (format === 'gitlab') assert.is(JSON.parse(output).length, 3000);
    else assert.match(output, '3000');
  });

formats('an overlay that cannot be built is a finding in every format', async () => {
  const cwd = folderWith({ 'overlays/a/kustomization.yml': 'resources: [missing.yaml]\n' });
  const words = ['check', 'overlays/a', '--kustomize', rememberingKustomize()];
  for (const format of FORMATS) {
    const { status, stdout } = await run([...words, '--format', format], { cwd });
    assert.is(status, 1);
    assert.match(stdout, 'file-missing', format);
    assert.match(stdout, 'kustomization.yml', format);
    if (format !== 'text') requireValid(format, stdout);
  }
});

formats('SARIF and GitLab have the place: a line where it is known, else the first', () => {
  const findings = [
    problem({ code: 'ui-url', message: 'a', file: 'b c/d%.yaml', line: 7, column: 3 }),
    problem({ code: 'ui-url', message: 'b' }),
  ];
  const outcome = outcomeOf(findings, '/project/in.yaml');
  const [run] = JSON.parse(print([outcome], { format: 'sarif' }, io)).runs;
  assert.equal(
    run.results.map(
      ({
        locations,
      }: {
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
      }) => [
        locations[0]?.physicalLocation.artifactLocation.uri,
        locations[0]?.physicalLocation.region,
      ],
    ),
    [
      ['b%20c/d%25.yaml', { startLine: 7, startColumn: 3 }],
      ['in.yaml', { startLine: 1 }],
    ],
  );
  const report = JSON.parse(print([outcome], { format: 'gitlab' }, io));
  assert.equal(
    report.map(({ location }: { location: object }) => location),
    [
      { path: 'b c/d%.yaml', lines: { begin: 7 } },
      { path: 'in.yaml', lines: { begin: 1 } },
    ],
  );
});

formats('a fingerprint stays while lines move, and belongs to one finding', () => {
  const found = problem({ code: 'ui-url', message: 'a' });
  const first = fingerprints();
  const again = fingerprints();
  const name = first(found, { file: 'a.yaml', line: 1 });
  assert.is(again(found, { file: 'a.yaml', line: 9 }), name);
  assert.is.not(first(found, { file: 'a.yaml', line: 1 }), name);
  assert.is.not(again({ ...found, message: 'b' }, { file: 'a.yaml' }), name);
});

formats(
  'JUnit: errors fail, warnings are skipped unless they fail too, what is sound passes',
  () => {
    const findings = [
      problem({ code: 'ui-url', message: 'a' }),
      problem({ code: 'entry-missing', message: 'b', severity: 'warning' }),
    ];
    const outcomes = [outcomeOf(findings), outcomeOf([], 'sound.yaml')];
    const counts = (strict: boolean) => {
      const { attributes, children } = readXml(print(outcomes, { format: 'junit', strict }, io));
      const states = children.flatMap((one) =>
        one.children.map(({ children: [state] }) => state?.name),
      );
      return [attributes.tests, attributes.failures, attributes.skipped, ...states];
    };
    assert.equal(counts(false), ['3', '1', '1', 'failure', 'skipped', undefined]);
    assert.equal(counts(true), ['3', '2', '0', 'failure', 'failure', undefined]);
  },
);

formats('JSON has what docs/check-output.md says', () => {
  const findings = [problem({ code: 'ui-url', message: 'a', path: 'spec' })];
  const { inputs, ...counts } = JSON.parse(print([outcomeOf(findings)], { format: 'json' }, io));
  assert.equal(counts, { errors: 1, warnings: 0, accepted: 0, unbuilt: 0 });
  assert.equal(Object.keys(inputs[0]), ['name', 'built', 'counts', 'findings', 'accepted']);
  const [found] = inputs[0].findings;
  assert.equal(Object.keys(found).sort(), [
    ...['code', 'fix', 'message', 'path', 'resource', 'severity', 'source', 'title', 'why'],
  ]);
});

formats('a report of findings alone refuses the checklist', async () => {
  for (const format of ['sarif', 'gitlab']) {
    const { status, stderr } = await run(['check', '-', '--checklist', '--format', format], {
      cwd: folderWith({}),
    });
    assert.is(status, 2);
    assert.match(stderr, 'no place for the checklist');
  }
});

formats.run();
