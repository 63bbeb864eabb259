/** `hosts.app`, `port` → the UI's `apiBaseUrl`: the browser calls the API at the origin of the calls, and at the path that its entry has. */
import { Draft } from '../manifests/edit.ts';
import { isObject } from '../yaml/json.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';

export const ui: Rule = ({ settings, surface }) => {
  const target = surface.only('ui');
  if (!target) return NOTHING;
  const draft = new Draft(target.resource, target.key);
  const written = draft.get(['apiBaseUrl']);
  if (isObject(written) || Array.isArray(written)) {
    const problem = targetProblem(target, 'apiBaseUrl', {
      code: 'target-shape',
      message: 'the apiBaseUrl of the UI is not a string',
      found: Array.isArray(written) ? 'a list' : 'a map',
      expected: 'a URL',
      fix: 'write any URL there, the function replaces its host',
    });
    return fromDrafts([draft], [problem]);
  }
  const path = pathOf(written) || (settings.callsPrefix ?? '');
  draft.set(['apiBaseUrl'], settings.appOrigin + path, settings.hosts.app[0].from);
  return fromDrafts([draft]);
};

/** The path of a URL, which belongs to the base's own routing; a slash alone is none. */
function pathOf(written: unknown): string {
  if (typeof written !== 'string') return '';
  return /^(?:https?:\/\/[^/?#]*)?(\/[^/?#][^?#]*)/i.exec(written)?.[1] ?? '';
}
