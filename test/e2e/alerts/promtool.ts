/** Alert rules, judged by Prometheus' own rule engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { parseStream } from '../../support/function.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { promtoolTool } from '../tools.ts';

export interface RuleFile {
  groups: { name: string; rules: Rule[] }[];
}

export interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A time series: its selector, and its values one minute apart, in promtool's notation. */
export type Input = readonly [series: string, values: string];

/** The rules of the one PrometheusRule in a stream. */
export function rulesIn(manifests: string): RuleFile {
  const found = parseStream(manifests).filter(
    (one) => (one as { kind?: string }).kind === 'PrometheusRule',
  );
  if (found.length !== 1) throw new Error(`found ${found.length} PrometheusRules, expecting one`);
  return (found[0] as { spec: RuleFile }).spec;
}

/** What promtool says of a file of rules; empty where it has no complaint. */
export async function complaints(rules: RuleFile): Promise<string> {
  const folder = write({ 'rules.yaml': stringify(rules) });
  const { exitCode, all } = await execa(
    promtoolTool.path,
    ['check', 'rules', '--lint=all', '--lint-fatal', join(folder, 'rules.yaml')],
    { all: true, reject: false },
  );
  return exitCode === 0 && !/duplicate/.test(all) ? '' : all;
}

/** The labels of every alert that rings, by the alert's name, after so many minutes with these series. */
export async function ringing(
  rules: RuleFile,
  inputs: readonly Input[],
  minutes: number,
): Promise<Record<string, Record<string, string>[]>> {
  const query = 'ALERTS{alertstate="firing"}';
  const output = await runTest(rules, inputs, {
    promql_expr_test: [{ expr: query, eval_time: `${minutes}m`, exp_samples: [] }],
  });
  // Nothing is expected, so that whatever there is comes as a failure that names it.
  const [, got = ''] = /got:\s*(.*)/.exec(output) ?? [];
  if (output !== '' && got === '') throw new Error(output);
  const found: Record<string, Record<string, string>[]> = {};
  for (const [, text = ''] of got.matchAll(/\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}/g)) {
    const labels = parse(`{${text.replaceAll(/(\w+)=("(?:[^"\\]|\\.)*")/g, '$1: $2')}}`);
    const { alertname, __name__: _, alertstate: __, severity: ___, ...rest } = labels;
    found[alertname] = [...(found[alertname] ?? []), rest];
  }
  return found;
}

/** What promtool says where an alert does not ring with exactly these labels and annotations; empty where it does. */
export async function difference(
  rules: RuleFile,
  inputs: readonly Input[],
  minutes: number,
  alertname: string,
  expected: { exp_labels: object; exp_annotations: object },
): Promise<string> {
  return runTest(rules, inputs, {
    alert_rule_test: [{ eval_time: `${minutes}m`, alertname, exp_alerts: [expected] }],
  });
}

/** promtool evaluates nothing where there is no series at all. */
const ALWAYS: Input = ['something_else', '1x300'];

async function runTest(rules: RuleFile, inputs: readonly Input[], test: object): Promise<string> {
  const folder = write({
    'rules.yaml': stringify(rules),
    'test.yaml': stringify({
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [...inputs, ALWAYS].map(([series, values]) => ({ series, values })),
          ...test,
        },
      ],
    }),
  });
  const { exitCode, all } = await execa(promtoolTool.path, ['test', 'rules', 'test.yaml'], {
    cwd: folder,
    all: true,
    reject: false,
  });
  return exitCode === 0 ? '' : all;
}

function write(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
