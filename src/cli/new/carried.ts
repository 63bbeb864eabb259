/** Which controllers can carry an environment as far as it is known. */

import { tlsMode } from '../../config/check-tls.ts';
import { textAt } from '../../config/partial.ts';
import { hasPageHost, PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { Settings, TlsMode } from '../../config/settings.ts';
import { CONTROLLERS, type ControllerName } from '../../controllers/index.ts';
import { limitsOf, tlsPlace } from '../../controllers/shared/wanted-marks.ts';
import type { JsonObject } from '../../yaml/json.ts';

const NAMES = Object.keys(CONTROLLERS) as ControllerName[];

/** What the function would refuse with this controller, in its words; undefined where it carries all. */
export function notCarried(name: ControllerName, spec: JsonObject): string | undefined {
  const config = { spec };
  const mode = tlsMode(config);
  if (mode === undefined) return undefined;
  const terminateAt = textAt(config, 'spec.tls.terminateAt') === 'envoy' ? 'envoy' : 'entry';
  const given: Pick<Settings, 'tlsMode' | 'terminateAt' | 'hasPageHost'> = {
    tlsMode: mode,
    terminateAt,
    hasPageHost: hasPageHost(config),
  };
  const controller = CONTROLLERS[name];
  for (const role of PUBLIC_ROLES.filter((one) => one !== 'ui' || given.hasPageHost)) {
    const place = tlsPlace(role, given);
    if (place === 'envoy' && controller.tls.envoy === undefined)
      return `${controller.title} passes no TLS through`;
    const limits = limitsOf({ controller, role, place }, mode, new Set());
    const found = limits.find(({ severity }) => severity === 'error');
    if (found) return found.message;
  }
  return undefined;
}

/** The controllers that carry it. */
export function controllersFor(spec: JsonObject): ControllerName[] {
  return NAMES.filter((name) => notCarried(name, spec) === undefined);
}

/** The modes that the chosen controller carries; all where none is chosen. */
export function modesFor(modes: readonly TlsMode[], spec: JsonObject): TlsMode[] {
  const chosen = textAt({ spec }, 'spec.entry.ingress.controller');
  const name = NAMES.find((one) => one === chosen);
  if (name === undefined) return [...modes];
  const tls = typeof spec['tls'] === 'object' ? spec['tls'] : {};
  return modes.filter((mode) => notCarried(name, { ...spec, tls: { ...tls, mode } }) === undefined);
}
