/** JUnit's XML, which Jenkins, GitLab, Azure Pipelines and others read as test results. Source: jenkinsci/xunit-plugin, junit-10.xsd. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { fileOf, placeOf, printed } from '../../errors.ts';
import type { Outcome } from './outcome.ts';

interface Case {
  name: string;
  state: 'pass' | 'failure' | 'skipped';
  type?: string;
  message?: string;
  /** Lines. */
  body?: string;
}

/**
 * A suite for each input, a test case for each finding, and one that passes where there is none.
 * @param isStrict - a warning fails as well; otherwise it is a test that was skipped
 */
export function toJunit(outcomes: readonly Outcome[], isStrict: boolean): string {
  const suites = outcomes.map(({ input, result, checklist }) => {
    const cases = [
      ...result.findings.map((found) => caseOf(found, isStrict)),
      ...(checklist ?? []).map(caseOfItem),
    ];
    const none: Case = { name: 'no finding', state: 'pass' };
    return { name: printed(input.name), cases: cases.length > 0 ? cases : [none] };
  });
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ma-overlays check" ${totals(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escapeXml(name)}" ${totals(cases)}>`,
      ...cases.flatMap((one) => linesOf(one, name)),
      '  </testsuite>',
    ]),
    '</testsuites>\n',
  ].join('\n');
}

function caseOf(found: Finding, isStrict: boolean): Case {
  const place = [fileOf(found), placeOf(found)].filter(Boolean).join(', ');
  return {
    name: `${found.code}${place && `: ${place}`}`,
    state: found.severity === 'error' || isStrict ? 'failure' : 'skipped',
    type: found.severity,
    message: found.message,
    body: [place, CATALOGUE[found.code].why, `Fix: ${found.fix}`]
      .filter(Boolean)
      .map(printed)
      .join('\n'),
  };
}

function caseOfItem({ number, item, state, because }: ChecklistLine): Case {
  const states = {
    pass: 'pass',
    fail: 'failure',
    'cannot be seen here': 'skipped',
    'control plane': 'skipped',
  } as const;
  return {
    name: `checklist ${number}: ${item}`,
    state: states[state],
    type: 'checklist',
    message: `${state}: ${because}`,
  };
}

function linesOf({ name, state, type = '', message = '', body = '' }: Case, suite: string) {
  const start = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(printed(name))}"`;
  if (state === 'pass') return [`${start} time="0"/>`];
  const attributes = state === 'failure' ? ` type="${escapeXml(type)}"` : '';
  return [
    `${start} time="0">`,
    `      <${state}${attributes} message="${escapeXml(printed(message))}">${escapeXml(body)}</${state}>`,
    '    </testcase>',
  ];
}

function totals(cases: readonly Case[]): string {
  const of = (state: Case['state']) => cases.filter((one) => one.state === state).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="0" skipped="${of('skipped')}" time="0"`;
}

/** Characters that XML cannot have are escaped already: they cannot be seen. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
