/**
 * Listeners for which cert-manager makes no certificate though the Gateway asks for one.
 *
 * Source: cert-manager, `pkg/controller/certificate-shim` (`the hostname cannot be empty`; `cross-namespace secret references are not allowed in
 * listeners`): such a listener is passed over.
 */
import { certificateRefsOf, hostnameOf, listenersOf, tlsModeOf } from '../../manifests/gateway.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isAnnotated } from '../../surface/issuers.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText } from '../../yaml/json.ts';

/** Of the Gateways that our routes attach to. */
export function notAskedFor(surface: Surface): Fault[] {
  return surface.gateways.filter(isAnnotated).flatMap((gateway) =>
    listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
      if (tlsModeOf(json) !== 'Terminate') return [];
      const open = certificateRefsOf(json).filter(({ name, namespace = gateway.namespace }) => {
        const made = providersOf('Secret', surface).filter((one) => one.by !== gateway);
        return !made.some((one) => one.name === name && isProvidedIn(one, namespace));
      });
      const [first] = open;
      if (!first) return [];
      const other = open.find(
        ({ namespace = gateway.namespace }) => namespace !== gateway.namespace,
      );
      const isNameless = hostnameOf(json) === '';
      if (!isNameless && !other) return [];
      const listener = `listener ${asText(json['name'])}`;
      return [
        {
          resource: gateway,
          path: isNameless ? `${place}.hostname` : `${place}.tls.certificateRefs`,
          // The Secret may be made elsewhere.
          severity: 'warning',
          message: isNameless
            ? `${listener} has no hostname: cert-manager passes it over, and Secret ${first.name} is not made unless something else makes it`
            : `${listener} names Secret ${other?.name} of namespace ${other?.namespace}: cert-manager passes the listener over, and makes it neither there nor here`,
          fix: isNameless
            ? 'give the listener its host'
            : `name a Secret of namespace ${gateway.namespace}, or make it with a Certificate in ${other?.namespace}`,
        },
      ];
    }),
  );
}
