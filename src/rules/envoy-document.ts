/** What keeps the function from writing to Envoy's document at all. */
import { spelledTwice } from '../envoy/proto-json.ts';
import type { Problem } from '../errors.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

export const envoyDocument: Rule = ({ surface }) => {
  const target = surface.only('envoy');
  return target ? fromDrafts([], spelledTwice(jsonOf(target)).map(twice(target))) : NOTHING;
};

function twice(target: DocumentTarget): (path: readonly (string | number)[]) => Problem {
  return (path) =>
    targetProblem(target, path, {
      code: 'target-shape',
      message: 'a field stands there in both spellings, which Envoy refuses',
      found: `${String(path.at(-1))} beside the same with underscores`,
      expected: 'each field once',
      fix: 'put both into one',
    });
}
