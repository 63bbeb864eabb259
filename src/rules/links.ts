/** `links`, `hosts.ui` → the URLs that notifications and the page show to people. */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { isTemplated, splitAddress } from '../net/addresses.ts';
import { originOf } from '../net/origins.ts';
import { LINK_NAMES, LINK_PLACES, type LinkName } from '../surface/links.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { isObject } from '../yaml/json.ts';
import { KeptPlaces } from './follow/leave.ts';
import { fromDrafts, type Rule } from './rule.ts';

export const links: Rule = ({ settings, surface }) => {
  const given = settings.config.spec.links ?? {};
  const carried = new Set<LinkName>();
  const drafts = surface.clients.map((target) => {
    const draft = new Draft(target.resource, target.key);
    for (const name of LINK_NAMES) {
      const path = LINK_PLACES[name];
      const url = given[name];
      if (url === undefined) continue;
      if (!takesLink(draft, name, target, surface)) continue;
      carried.add(name);
      draft.set(path, url, `spec.links.${name}`);
    }
    if (given.studio === undefined) followPage(draft, target, settings);
    return draft;
  });
  const lost = LINK_NAMES.filter((name) => given[name] !== undefined && !carried.has(name));
  return fromDrafts(drafts, lost.map(notCarried));
};

/** A section that is there takes it; the controller manager has one for notifications and one for the engine in any case. */
function takesLink(
  draft: Draft,
  name: LinkName,
  target: DocumentTarget,
  { controllerManagers }: Surface,
): boolean {
  const section = LINK_PLACES[name].slice(0, -1);
  return isObject(draft.get(section)) || (name !== 'logs' && controllerManagers.includes(target));
}

/** The page's own URL in place of the old one; a path stays. What is filled in when the program starts stays as well. */
function followPage(draft: Draft, { resource, key }: DocumentTarget, settings: Settings): void {
  const path = LINK_PLACES.studio;
  const written = draft.get(path);
  if (typeof written !== 'string' || written === '' || isTemplated(written)) return;
  if (new KeptPlaces(settings).has({ resource, document: key, path })) return;
  const [page] = settings.hosts.ui;
  const origin = originOf(settings.scheme, page.host, settings.port);
  draft.set(path, origin + splitAddress(written).path, page.from);
}

function notCarried(name: LinkName): Problem {
  const section = LINK_PLACES[name].slice(0, -1).join('.');
  return {
    code: 'target-missing',
    severity: 'error',
    message: `no config of this base has a place for spec.links.${name}`,
    path: `spec.links.${name}`,
    expected: `a ConfigMap with a document that has ${section}`,
    fix: `add ${section} to the controller manager's config, or remove the field`,
  };
}
