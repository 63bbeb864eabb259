/** Rules on manifests that may have a shape which no Kubernetes API takes. */
import type { Problem } from '../errors.ts';
import { NO_KEY, UnfitPlace } from '../manifests/edit.ts';
import { toPath } from '../yaml/path.ts';
import type { Rule, RuleInput, RuleOutput } from './rule.ts';

/** What the rule says; where it finds no place for an edit, that. */
export function runRule(rule: Rule, input: RuleInput): RuleOutput {
  return orUnfit(
    () => rule(input),
    (problem) => ({ edits: [], problems: [problem] }),
  );
}

/** What is worked out, or what there is instead where an edit finds no place. */
export function orUnfit<T>(work: () => T, instead: (problem: Problem) => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnfitPlace) return instead(unfitProblem(error));
    throw error;
  }
}

function unfitProblem({ resource, document, path, found }: UnfitPlace): Problem {
  return {
    code: 'target-shape',
    severity: 'error',
    message: 'a place that has to be changed holds something of another shape',
    resource: resource.reference,
    path: toPath(document === undefined ? path : ['data', document, ...path]),
    ...(path.includes(NO_KEY)
      ? {
          found: `the name ${NO_KEY}`,
          expected: 'a name that can be a key of any map',
          fix: 'give what has this name another one',
        }
      : {
          found: `${found} around it`,
          expected: 'a map',
          fix: 'write it as the reference of its kind says',
        }),
  };
}
