/** One role that comes in through an Ingress. */
import type { IngressEntry } from '../config/generated/domain-config.ts';
import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { Controller, TlsPlace } from '../controllers/controller.ts';
import type { Resource } from '../manifests/resource.ts';
import type { ServicePort } from '../manifests/service.ts';

/** One role at one Ingress, with what its controller is to be told. */
export interface Part {
  role: PublicRole;
  /** The Ingress. */
  entry: Resource;
  /** The backend's Service, where it is in the build. */
  service: Resource | undefined;
  port: ServicePort | undefined;
  way: IngressEntry;
  /** Undefined where the config names none. */
  controller: Controller | undefined;
  place: TlsPlace;
  /** Whether the backend's pods end TLS themselves. */
  isTlsBackend: boolean;
  /** Whether the Ingresses of the role have more than one class today. */
  hasClasses: boolean;
}

/** The path of a field: the entry's own where it has one, else that of both. */
export function fieldOf(settings: Settings, role: PublicRole, key: keyof IngressEntry): string {
  // The page comes in as the app does.
  const entry = role === 'api' ? 'api' : 'app';
  const isOwn = settings.config.spec.entry?.[entry]?.ingress?.[key] !== undefined;
  return `spec.entry.${isOwn ? `${entry}.` : ''}ingress.${key}`;
}
