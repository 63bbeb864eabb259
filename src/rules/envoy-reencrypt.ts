/**
 * An Envoy that ends TLS itself behind an entry that does so too: the entry has to speak TLS to it. The function does not write that; where it
 * would go, or is not there, it stops.
 */

import { annotationsOf, CONTROLLERS, marksOf } from '../controllers/index.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import { hasPolicy, saysBackendTls } from '../surface/backend-tls.ts';
import { endsTls } from '../surface/envoy-tls-listener.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { NOTHING, type Rule, type RuleInput, targetProblem } from './rule.ts';

export const envoyReencrypt: Rule = (input) => {
  const { settings, surface } = input;
  const target = surface.only('envoy');
  if (!target || tlsPlace('app', settings) === 'envoy' || !endsTls(surface)) return NOTHING;
  const { gateway } = settings.entries.app;
  const isLost = (gateway && !hasBackendPolicy(input)) || !keepsBackendTls(input);
  return isLost ? { edits: [], problems: [plainBefore(target)] } : NOTHING;
};

function hasBackendPolicy({ surface }: RuleInput): boolean {
  const service = surface.serviceOf('app');
  return service !== undefined && hasPolicy(service, surface);
}

/** Without a controller in the config the Ingress keeps what it says; with one, only what that one reads. */
function keepsBackendTls({ settings, surface }: RuleInput): boolean {
  const way = settings.entries.app.ingress?.value;
  if (!way?.controller) return true;
  const own = new Set(
    marksOf(CONTROLLERS[way.controller])
      .flatMap(annotationsOf)
      .map((key) => key.split('/')[0]),
  );
  const service = surface.serviceOf('app');
  const marks = [
    ...Object.entries(way.annotations ?? {}),
    ...[...surface.ingressesOf('app'), ...(service ? [service] : [])].flatMap(marksIn),
  ];
  return marks.some(([key, value]) => own.has(key.split('/')[0]) && saysBackendTls(key, value));
}

function marksIn({ annotations }: Resource) {
  return Object.entries(annotations);
}

function plainBefore(target: DocumentTarget): Problem {
  return targetProblem(target, 'static_resources.listeners', {
    code: 'target-shape',
    message: "Envoy's listener ends TLS itself, and the app's entry would send plain HTTP to it",
    found: 'a DownstreamTlsContext on the listener that serves the API',
    expected: 'an entry that speaks TLS to Envoy, or a listener without TLS',
    fix: "set spec.tls.terminateAt to envoy; or give the entry its controller's annotation for an HTTPS backend in spec.entry.app.ingress.annotations; or take the transport_socket away",
  });
}
