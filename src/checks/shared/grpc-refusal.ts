import { CONTROLLERS } from '../../controllers/index.ts';
import type { Entry } from '../../surface/entry.ts';

/** What the table knows that no mark can change, where TLS ends as it does here. */
export function refusalOf({ controllers, tlsPlace }: Entry) {
  const refusals = controllers.map((name) =>
    CONTROLLERS[name].limits?.find(
      ({ severity, role, places }) =>
        severity === 'error' &&
        role === 'api' &&
        tlsPlace !== 'none' &&
        (places?.includes(tlsPlace) ?? true),
    ),
  );
  return refusals.every(Boolean) ? refusals[0] : undefined;
}
