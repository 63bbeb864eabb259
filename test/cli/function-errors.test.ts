import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unwrapFunctionErrors } from '../../src/cli/function-errors.ts';

const problems = 'error: one [config-host]\n  in        spec.domain\n\nerror: two [config-value]\n';
const tail = 'failure in plugin configured via /tmp/kust-plugin-config-1; exit status 1';
const indented = problems.replace(/^/gm, '\t');

const unwrap = suite("the function's problems in kustomize's stderr");

for (const [name, stderr] of Object.entries({
  'kustomize 4.5.4': `${problems}Error: ${tail}: exit status 1\n`,
  'kustomize 5': `Error: ${problems}: ${tail} \n`,
  kubectl: `error: ${problems}: ${tail}\n`,
  'kubectl with klog': `E1123 06:50:57.692086    9465 run.go:72] "command failed" err=<\n${indented}: ${tail} \n >\n`,
}))
  unwrap(`${name}: only the function's own words are left`, () => {
    assert.is(unwrapFunctionErrors(stderr), problems);
  });

unwrap("keeps kustomize's warnings that stand before", () => {
  const warning = "# Warning: 'commonLabels' is deprecated.\n";
  assert.is(unwrapFunctionErrors(`${warning}Error: ${problems}: ${tail} \n`), warning + problems);
});

unwrap('keeps every other error as it is', () => {
  for (const stderr of [
    'Error: accumulating resources: missing.yaml\n',
    `Error: ${tail}: exit status 1\n`,
    'E1123 06:50:57.692086    9465 run.go:72] "command failed" err="no"\n',
  ])
    assert.is(unwrapFunctionErrors(stderr), stderr);
});

unwrap.run();
