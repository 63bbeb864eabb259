/**
 * `npm run test:e2e`: overlays and golden cases with real programs, which are installed where they are missing.
 * A program that cannot be installed leaves its suite out, with a line that says so; in CI that is a failure.
 *
 *     node --import tsx test/e2e/run.ts [part of a path…]
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  addTotals,
  findTestFiles,
  printSummary,
  runTestFile,
  type Totals,
} from '../support/runner.ts';
import { argocdTool, gitopsDefinitionsTool } from './argocd/programs.ts';
import { contourTool, controlPlaneTool, definitionsTool } from './cluster/programs.ts';
import {
  actionlintTool,
  arm64EmulatorTool,
  checkSchemaTool,
  chromiumTool,
  envoyTool,
  helmTool,
  kustomizeTool,
  nodeTools,
  promtoolTool,
  provide,
  type Tool,
  tmuxTool,
  yamlReadersTool,
} from './tools.ts';

/** Which programs the tests of a file need. */
const NEEDS = {
  'exec-form.test.ts': [kustomizeTool],
  'helm.test.ts': [helmTool, kustomizeTool],
  'kustomize.test.ts': [kustomizeTool],
  'envoy.test.ts': [envoyTool],
  'envoy-verdict.test.ts': [envoyTool],
  'node-versions.test.ts': nodeTools,
  'package.test.ts': [kustomizeTool],
  'report.test.ts': [chromiumTool],
  'alerts/rules.test.ts': [promtoolTool],
  'argocd/applications.test.ts': [argocdTool, gitopsDefinitionsTool, kustomizeTool],
  'argocd/cluster.test.ts': [argocdTool, gitopsDefinitionsTool, controlPlaneTool, definitionsTool],
  'argocd/sidecar.test.ts': [argocdTool, kustomizeTool],
  'cluster/apply.test.ts': [controlPlaneTool, definitionsTool],
  'cluster/compute-clusters.test.ts': [controlPlaneTool],
  'cluster/entry-gateway.test.ts': [controlPlaneTool, definitionsTool, contourTool, envoyTool],
  'cluster/entry-ingress.test.ts': [controlPlaneTool, definitionsTool, contourTool, envoyTool],
  'cluster/moving-a-domain.test.ts': [controlPlaneTool, definitionsTool, contourTool, envoyTool],
  'cluster/verify.test.ts': [controlPlaneTool, definitionsTool],
  'live/alert-metrics.test.ts': [envoyTool],
  'live/browser.test.ts': [envoyTool, chromiumTool],
  'live/json-transcoder.test.ts': [envoyTool],
  'live/layouts.test.ts': [envoyTool, chromiumTool, kustomizeTool],
  'live/origins.test.ts': [envoyTool],
  'live/preflight.test.ts': [envoyTool],
  'live/routes.test.ts': [envoyTool],
  'live/silent-stream.test.ts': [envoyTool],
  'live/tls-reload.test.ts': [envoyTool],
  'live/verify.test.ts': [envoyTool],
  'workflows.test.ts': [actionlintTool, checkSchemaTool],
  'static.test.ts': [arm64EmulatorTool],
  'terminal.test.ts': [tmuxTool],
  'yaml-readers.test.ts': [yamlReadersTool],
};

const wanted = process.argv.slice(2);
const files = findTestFiles(fileURLToPath(new URL('.', import.meta.url)))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .map((file) => ({ file, needs: needsOf(file) }));
const reasons = new Map<Tool, string | undefined>();
for (const tool of new Set(files.flatMap(({ needs }) => needs)))
  reasons.set(tool, await provide(tool));

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
await Promise.all(Array.from({ length: availableParallelism() }, runRest));
printSummary(totals);

function needsOf(file: string): readonly Tool[] {
  return Object.entries(NEEDS).find(([name]) => file.endsWith(`/${name}`))?.[1] ?? [];
}

/** Takes one file after the other. Each has addresses, ports and folders of its own, and many wait more than they work. */
async function runRest(): Promise<void> {
  for (let next = files.shift(); next !== undefined; next = files.shift()) {
    const reason = next.needs.map((tool) => reasons.get(tool)).find((text) => text !== undefined);
    if (reason === undefined) {
      const result = await runTestFile(next.file);
      process.stdout.write(result.report);
      addTotals(totals, result);
    } else {
      process.stdout.write(`${process.env.CI ? 'FAIL' : 'left out'} ${next.file}: ${reason}\n`);
      addTotals(totals, { passed: 0, failed: process.env.CI ? 1 : 0, skipped: 1 });
    }
  }
}
