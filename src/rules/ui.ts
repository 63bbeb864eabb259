/** `hosts.app`, `port` → the UI's `apiBaseUrl`: the browser calls the API at the origin that served the page. */
import { Draft } from '../resources/edit.ts';
import { fromDrafts, NOTHING, type Rule } from './rule.ts';

export const ui: Rule = ({ settings, inventory }) => {
  if (!inventory.ui) return NOTHING;
  const draft = new Draft(inventory.ui.resource, inventory.ui.key);
  draft.set(['apiBaseUrl'], settings.appOrigin, settings.appHosts[0].from);
  return fromDrafts([draft]);
};
