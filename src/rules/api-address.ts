/** The address under which a client is to reach the API, public or inside the cluster, and whether that is TLS. */
import type { Settings } from '../config/settings.ts';
import type { Problem, ResourceReference } from '../errors.ts';
import { isTemplated, readHostAndPort, splitAddress } from '../net/addresses.ts';
import { isPublicHost } from '../net/host-names.ts';
import { apiServicePort } from '../surface/api-port.ts';
import { apiEndsTls } from '../surface/api-tls.ts';
import { PLACEHOLDER } from '../surface/placeholders.ts';
import type { Surface } from '../surface/surface.ts';
import { replaced } from './replaced.ts';
import { fullServiceHost, unclearPort } from './service-host.ts';

/** A client of the API, as the config chooses its way. */
export interface ApiClient {
  apiAddress: 'public' | 'service';
  /** The field that chooses. */
  field: string;
  /** In messages: `the workers`. */
  name: string;
  /** What to write where the Service cannot be used. */
  otherwise: string;
}

/** How workers or task pods call the API. */
export interface ApiAddress {
  /** `host:port`. */
  address: string;
  useTls: boolean;
  /** The field that the address follows from, and that of TLS. */
  from: string;
  tlsFrom: string;
}

/**
 * @param written - the address that stands there: a longer form of the Service's name is kept
 * @returns undefined where the base has no Service, or none whose port can be told: `serviceProblems` says so
 */
export function apiAddressFor(
  { apiAddress, field }: ApiClient,
  settings: Settings,
  surface: Surface,
  written: unknown,
): ApiAddress | undefined {
  if (apiAddress === 'public')
    return {
      address: settings.publicApiAddress,
      useTls: settings.scheme === 'https',
      from: settings.hosts.api[0].from,
      tlsFrom: 'spec.tls.mode',
    };
  const { apiServer } = surface;
  const port = apiServer && apiServicePort(apiServer)?.port;
  if (!apiServer || port === undefined) return undefined;
  const host = typeof written === 'string' ? splitAddress(written).host : '';
  const known = apiServer.names.includes(host.split('.')[0] ?? '') ? host : '';
  return {
    address: `${fullServiceHost(apiServer, known)}:${port}`,
    useTls: apiEndsTls(apiServer, surface),
    from: field,
    tlsFrom: field,
  };
}

/** An address inside the cluster, or of the machine, that gives way to the public one although the config does not choose. */
export function addressReplaced(
  resource: ResourceReference,
  path: string,
  old: unknown,
  { address, from }: ApiAddress,
  { apiAddress, field }: ApiClient,
): Problem[] {
  if (apiAddress !== 'public' || field.endsWith('.apiAddress') || typeof old !== 'string')
    return [];
  const host = readHostAndPort(old)?.host ?? splitAddress(old).host;
  if (host === '' || isPublicHost(host) || host.includes(PLACEHOLDER) || isTemplated(old))
    return [];
  const fix =
    'set `spec.worker.apiAddress`, or `spec.taskPods.apiAddress`, to `service` where they are to reach the API inside the cluster, to `public` where not';
  return [replaced(resource, path, old, address, from, fix)];
}

/** What keeps a client from the Service. One that is missing has a problem of its own, unless it is meant to be. */
export function serviceProblems(
  { apiAddress, field, name, otherwise }: ApiClient,
  settings: Settings,
  surface: Surface,
): Problem[] {
  if (apiAddress === 'public') return [];
  const { apiServer } = surface;
  if (!apiServer && settings.absent.has('api-server'))
    return [
      {
        code: 'role-missing',
        severity: 'error',
        message: `${name} are to use the API Service, which this base does not have`,
        path: field,
        found: 'api-server in spec.absent',
        expected: 'a Service with the role api-server',
        fix: `add the Service and take api-server out of spec.absent, or ${otherwise}`,
      },
    ];
  // Envoy needs the same port, and says so.
  const isSaid =
    surface.only('envoy') !== undefined && settings.config.spec.envoy?.upstream === undefined;
  if (!apiServer || isSaid || apiServicePort(apiServer)) return [];
  return [unclearPort(apiServer, otherwise)];
}
