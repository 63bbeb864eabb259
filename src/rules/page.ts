/** What is wrong with the page's entries as the base has them. It writes nothing: they follow the config as those of other parts do. */
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem, ResourceReference } from '../errors.ts';
import { uiNotServed } from '../surface/faults/ui-not-served.ts';
import { PLACEHOLDER } from '../surface/placeholders.ts';
import type { Surface } from '../surface/surface.ts';
import { NOTHING, type Rule } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';

export const page: Rule = ({ settings, surface }) => {
  // With a host of its own it has an entry, or gets one.
  if (settings.hasPageHost) return NOTHING;
  const [entry] = [...surface.ingressesOf('ui'), ...surface.routesOf('ui')];
  const problems = entry
    ? [
        ...hostApart(entry.reference, settings),
        ...(tlsPlace('ui', settings) === 'envoy' ? [behindEnvoy(entry.reference)] : []),
      ]
    : notServed(surface);
  return { edits: [], problems };
};

/** The page and its calls have two hosts in the base: which the page is to have cannot be told from that of the calls. */
function hostApart(resource: ResourceReference, { oldHosts, hosts }: RuleSettings): Problem[] {
  const { api, app, ui } = oldHosts;
  const isKnown = [app, ui].every((host) => host && !host.includes(PLACEHOLDER));
  if (!isKnown || app === ui || api === ui || hosts.app.some(({ host }) => host === ui)) return [];
  return [
    {
      code: 'config-required',
      severity: 'error',
      message:
        'page and calls have a host each in the base, and the config does not say what becomes of the host of the page',
      resource,
      found: `${ui} for the page, ${app} for the calls`,
      expected: '`spec.hosts.ui`, the new host of the page',
      fix: 'set `spec.hosts.ui`; to have one host for both, give both entries one host in the base, with paths that differ',
    },
  ];
}

/** What passes through to Envoy cannot be told apart by its path before. */
function behindEnvoy(resource: ResourceReference): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message:
      'TLS of the app passes through to Envoy, and this entry leads to the page on the same host',
    resource,
    path: 'spec.tls',
    expected: 'a host of its own for the page, or a route of Envoy to it',
    fix: 'set `spec.hosts.ui`, or let Envoy lead to the page and remove this entry, or leave `tls.terminateAt` at `entry`',
  };
}

/** `check` calls it an error; the rest of the manifests is right all the same, and may be all that is wanted yet. */
function notServed(surface: Surface): Problem[] {
  return uiNotServed(surface).map(({ resource, message, fix = '' }) => ({
    code: 'ui-not-served',
    severity: 'warning',
    message,
    ...(resource && { resource: 'json' in resource ? resource.reference : resource }),
    expected: "an entry, or a route of Envoy, that leads to the page's Service",
    fix,
  }));
}
