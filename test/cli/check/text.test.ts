import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOGUE, type FindingCode } from '../../../src/checks/shared/catalogue.ts';
import { withoutWarnings } from '../../../src/cli/check/outcome.ts';
import { toText } from '../../../src/cli/check/text.ts';
import { rowsOf } from '../../../src/cli/check/width.ts';
import { NO_COLORS } from '../../../src/cli/colors.ts';
import { outcomeOf, problem } from '../../support/outcomes.ts';

const text = suite('check/text');
const ACME = { code: 'acme-solver-class', message: "the solver's class is a" } as const;
const NO_MARK = { code: 'grpc-over-http1', message: 'not told to speak gRPC' } as const;

text('says why and how to fix once for all places of a code', () => {
  const findings = ['a', 'b'].map((name) => problem({ ...NO_MARK, name, path: 'spec' }));
  const lines = toText([outcomeOf(findings)], NO_COLORS).split('\n');
  assert.equal(
    [...lines.slice(0, 3), ...lines.slice(4)],
    [
      'error: not told to speak gRPC (2 places) [grpc-over-http1]',
      '  Ingress shop/a, spec',
      '  Ingress shop/b, spec',
      '  fix  say it',
      '',
      'in.yaml: 2 errors',
      '',
    ],
  );
  assert.match(lines[3] ?? '', /^ {2}why {2}gRPC needs HTTP\/2/);
});

text('says each message and each fix where they differ, below the title', () => {
  const findings = ['a', 'b'].map((name) =>
    problem({ ...NO_MARK, message: `${name} differs`, name, fix: `fix ${name}` }),
  );
  const output = toText([outcomeOf(findings)], NO_COLORS);
  assert.match(output, /^error: The API entry or Envoy .* \(2 places\) \[grpc-over-http1\]\n/);
  assert.match(output, '  Ingress shop/a: a differs\n    fix  fix a\n');
  assert.match(output, '  Ingress shop/b: b differs\n    fix  fix b\n');
});

text('has errors before warnings', () => {
  const findings = [
    problem({ ...NO_MARK, severity: 'warning' }),
    problem({ ...ACME, severity: 'error' }),
  ];
  const output = toText([outcomeOf(findings)], NO_COLORS);
  assert.ok(output.indexOf('error: ') < output.indexOf('warning: '));
});

text('many findings stay on one screen, whatever they are called', () => {
  const codes = Object.keys(CATALOGUE).slice(0, 24) as FindingCode[];
  const long = 'x'.repeat(300);
  const findings = codes.map((code) => problem({ code, message: long, path: `spec.${long}.end` }));
  for (const width of [80, 100]) {
    const lines = toText([outcomeOf(findings, long)], NO_COLORS, { width })
      .split('\n')
      .slice(0, -1);
    assert.ok(lines.length <= 50, `${lines.length} lines`);
    for (const line of lines) assert.is(rowsOf(line, width), 1, line);
    assert.match(lines.at(-1) ?? '', / \(more: --verbose, or --explain CODE\)$/);
    for (const code of codes) assert.ok(lines.some((line) => line.endsWith(`[${code}]`)));
    assert.match(lines[1] ?? '', /^ {2}Ingress shop\/entry, spec\.x+…x+\.end$/);
  }
  const all = toText([outcomeOf(findings)], NO_COLORS, { verbose: true });
  assert.is(all.match(/^ {2}why /gm)?.length, 24);
});

text('where even that is too much, warnings have a line each, and errors keep their places', () => {
  const codes = Object.keys(CATALOGUE).slice(0, 35) as FindingCode[];
  const findings = codes.map((code, index) =>
    problem({ code, message: 'wrong', severity: index < 12 ? 'error' : 'warning' }),
  );
  const lines = toText([outcomeOf(findings)], NO_COLORS)
    .split('\n')
    .slice(0, -1);
  assert.is(lines.length, 12 * 2 + 23 + 1);
  assert.match(lines[1] ?? '', '  Ingress shop/entry');
  assert.match(lines[24] ?? '', /^warning: Ingress shop\/entry: wrong \[/);
});

text('however many there are, each code has its first place', () => {
  const codes = Object.keys(CATALOGUE) as FindingCode[];
  for (const count of [1, 16, 24, 49, codes.length])
    for (const severity of ['error', 'warning'] as const)
      for (const width of [80, undefined]) {
        const findings = codes.slice(0, count).flatMap((code, index) => {
          const place = { code, severity, file: `base/${index}.yaml`, line: 100 + index };
          return ['wrong', 'wrong as well'].map((message) => problem({ ...place, message }));
        });
        const output = toText([outcomeOf(findings)], NO_COLORS, width ? { width } : {});
        for (const [index, code] of codes.slice(0, count).entries()) {
          assert.ok(output.includes(`[${code}]`));
          assert.ok(output.includes(`base/${index}.yaml:${100 + index}`), `${count} ${width}`);
        }
        if (count < 50) assert.ok(output.split('\n').length <= 51, `${count} ${severity}`);
      }
});

text('places are listed as long as how to fix them finds room beside them', () => {
  const codes = (Object.keys(CATALOGUE) as FindingCode[]).slice(0, 23);
  const places = (code: FindingCode, count: number) =>
    Array.from({ length: count }, (_, index) =>
      problem({ code, message: 'wrong', name: `e${index}` }),
    );
  const errors = codes.slice(0, 12).flatMap((code, index) => places(code, index === 0 ? 12 : 1));
  const warnings = codes
    .slice(12)
    .map((code) => problem({ code, message: 'wrong', severity: 'warning' }));
  const lines = toText([outcomeOf([...errors, ...warnings])], NO_COLORS)
    .trimEnd()
    .split('\n');
  assert.is(lines.length, 12 + errors.length + warnings.length + 1);
  assert.is(lines.filter((line) => line.endsWith('fix: say it')).length, 12);
});

text('beyond one screen each code has one line', () => {
  const codes = Object.keys(CATALOGUE) as FindingCode[];
  const findings = codes.flatMap((code) =>
    ['a', 'b'].map((name) => problem({ code, message: 'x', name })),
  );
  const lines = toText([outcomeOf(findings)], NO_COLORS)
    .trimEnd()
    .split('\n');
  assert.is(lines.length, codes.length + 1);
});

text('cuts nothing where there is no screen, and says how to fix it beside the place', () => {
  const long = 'x'.repeat(300);
  const codes = Object.keys(CATALOGUE).slice(0, 24) as FindingCode[];
  const findings = codes.map((code) =>
    problem({ code, message: `${long}.`, path: `spec.${long}`, fix: long }),
  );
  const output = toText([outcomeOf(findings)], NO_COLORS);
  assert.not.match(output, '…');
  assert.is(output.split('\n').length, 50);
  assert.is(output.match(new RegExp(`entry, spec\\.${long} {2}fix: ${long}$`, 'gm'))?.length, 24);
});

text('on a screen the file and its line stay whole', () => {
  const file = 'base/components/json-transcoder/envoy.yaml';
  const found = problem({ ...NO_MARK, file, line: 120, column: 11, path: 'data[a].b.c.d' });
  const output = toText([outcomeOf([found])], NO_COLORS, { width: 80 });
  assert.match(output, `\n  ${file}:120:11, Ingre`);
  assert.ok(output.split('\n').every((line) => !line.startsWith('  base') || line.length <= 80));
});

text('counts the places of a code that nobody would read to the end', () => {
  const findings = Array.from({ length: 3000 }, (_, index) =>
    problem({ ...NO_MARK, name: `entry-${index}` }),
  );
  const lines = toText([outcomeOf(findings)], NO_COLORS).split('\n');
  assert.ok(lines.length <= 50);
  assert.match(lines[0] ?? '', '(3000 places)');
  assert.ok(lines.includes('  and 2980 more: --format json has them all'));
});

text('shows what was found and expected, and where in the file', () => {
  const found = problem({
    ...NO_MARK,
    file: 'a/domain.yaml',
    line: 4,
    column: 2,
    found: 'a',
    expected: 'b',
  });
  const output = toText([outcomeOf([found])], NO_COLORS);
  assert.match(output, '  a/domain.yaml:4:2, Ingress shop/entry\n    found  a\n    expected  b\n');
});

text('warnings that are not shown are counted', () => {
  const findings = [problem({ ...NO_MARK, severity: 'warning' })];
  assert.is(
    toText([withoutWarnings(outcomeOf(findings))], NO_COLORS),
    'in.yaml: no error, 1 warning not shown\n',
  );
});

text.run();
