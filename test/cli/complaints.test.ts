import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { complaintsText } from '../../src/cli/complaints.ts';
import type { BuildProblem } from '../../src/cli/kustomize/build-problem.ts';

const problem = (message: string, more: Partial<BuildProblem> = {}): BuildProblem => ({
  code: 'cluster-access',
  severity: 'warning',
  message,
  fix: 'do it',
  ...more,
});
const complaints = suite('what is said of several overlays');

complaints('a warning that several have is printed once, errors where they are', () => {
  const error = problem('Bad', { severity: 'error' });
  const text = complaintsText([
    { overlay: 'a', complaints: [problem('Same', { file: 'a/domain.yaml', line: 3 }), error] },
    {
      overlay: 'b',
      complaints: [problem('Other'), problem('Same', { file: 'b/domain.yaml' }), error],
    },
    { overlay: 'c', complaints: [] },
  ]);
  const bad = 'error: Bad [cluster-access]\n  fix       do it\n';
  assert.is(
    text,
    `a:\n${bad}b:\n${bad}\nwarning: Other [cluster-access]\n  fix       do it\n\nwarning: Same [cluster-access]\n  fix       do it\n  overlays  2: a, b\n`,
  );
});

complaints('of many overlays ten have a name', () => {
  const all = Array.from({ length: 12 }, (_, index) => ({
    overlay: `o${index}`,
    complaints: [problem('Same')],
  }));
  assert.match(complaintsText(all), /\n {2}overlays {2}12: o0, .*, o9 and 2 more\n$/);
});

complaints('one overlay has no title', () => {
  const text = complaintsText([{ overlay: 'a', complaints: [problem('One')] }]);
  assert.is(text, 'warning: One [cluster-access]\n  fix       do it\n');
});

complaints.run();
