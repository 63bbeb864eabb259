/**
 * Whether the API server's own pods end TLS: whoever calls its Service has to speak TLS then.
 *
 * Source: Michelangelo's Helm chart: the port of such pods is called `grpcs`, their config has `apiserver.tls`, and with
 * `ingress.mode: passthrough` the entry leaves TLS to them.
 */
import type { Resource } from '../manifests/resource.ts';
import { type ServicePort, servicePort, servicePorts } from '../manifests/service.ts';
import { containerPortsOf, containersOf, namedPort } from '../manifests/workload.ts';
import { asText, getIn, isObject, type Json } from '../yaml/json.ts';
import { apiConfigsOf } from './api-config.ts';
import { apiServicePort } from './api-port.ts';
import { isToldTls } from './backend-tls.ts';
import { once } from './once.ts';
import { jsonOf } from './parts.ts';
import { API_PORT } from './roles.ts';
import type { Surface } from './surface.ts';

const TLS_NAME = /^(?:grpcs|https|tls)(?:-|$)/;

/**
 * `whyApiEndsTls` says by what it is told.
 * @param called - as a caller names the port; the usual one where it names none
 */
export function apiEndsTls(service: Resource, surface: Surface, called?: Called): boolean {
  return whyApiEndsTls(service, surface, called) !== undefined;
}

/** Number or name of a port. */
type Called = number | string | undefined;

/** What shows it, as a clause with a verb; undefined where nothing does, or the config of the pods says otherwise. */
export function whyApiEndsTls(
  service: Resource,
  surface: Surface,
  called?: Called,
): string | undefined {
  const pods = surface.podsOf(service);
  const usual = apiServicePort(service);
  const port = called === undefined ? usual : (servicePort(service, called) ?? usual);
  const isBeside = port !== undefined && leadsBeside(port, service, pods);
  const configs = isBeside ? [] : apiConfigsOf(pods, surface);
  const said = configs.flatMap((target) => tlsIn(jsonOf(target)) ?? []);
  if (said.length > 0)
    return said.includes(true) ? 'the config of its pods turns TLS on' : undefined;
  const name = portNames(port, service, surface).find((text) => TLS_NAME.test(text));
  if (name !== undefined) return `its port is called ${name}`;
  if (port && tlsPortBeside(service, port, surface)) return undefined;
  // A config without the section serves plain gRPC; an entry that speaks TLS to it is what is wrong.
  const isPlain = configs.length > 0 && isOneProgram(pods);
  return isPlain ? undefined : speakingEntries(surface).get(keyOf(service, port));
}

/** Another port of the Service, whose name says that it has TLS: this one is plain then. */
export function tlsPortBeside(
  service: Resource,
  port: ServicePort,
  surface: Surface,
): ServicePort | undefined {
  return servicePorts(service).find(
    (other) =>
      other.index !== port.index &&
      portNames(other, service, surface).some((text) => TLS_NAME.test(text)),
  );
}

/** Whether a port leads to another container of pods that have the API server's own port as well: a proxy that ends TLS, for instance. */
function leadsBeside(port: ServicePort, service: Resource, pods: readonly Resource[]): boolean {
  const target = (one: ServicePort) =>
    typeof one.targetPort === 'number'
      ? one.targetPort
      : pods.map((pod) => namedPort(pod, String(one.targetPort))).find(Boolean);
  return target(port) !== API_PORT && servicePorts(service).some((one) => target(one) === API_PORT);
}

function keyOf({ reference: { namespace, name } }: Resource, port: ServicePort | undefined) {
  return `${namespace}/${name}:${port?.index ?? ''}`;
}

/** Another container of the pods may end TLS; pods that are not seen may as well. */
export function isOneProgram(pods: readonly Resource[]): boolean {
  return pods.length > 0 && pods.every((pod) => containersOf(pod).length === 1);
}

function portNames(port: ServicePort | undefined, service: Resource, surface: Surface): string[] {
  const { name = '', targetPort = '', appProtocol = '' } = port ?? {};
  const named = surface
    .podsOf(service)
    .flatMap((pod) => containerPortsOf(containersOf(pod)))
    .filter((own) => own.number === targetPort)
    .map((own) => own.name);
  return [name, appProtocol, String(targetPort), ...named];
}

/** Services to which an entry speaks TLS. Rules find those of the base: the first that changes an entry has asked before. */
const speakingEntries = once((surface: Surface) => {
  const found = new Map<string, string>();
  for (const entry of surface.entriesOf('api'))
    for (const path of entry.paths.filter(({ role, isGuess }) => role === 'api' && !isGuess)) {
      const { service } = path.backend;
      const { kind, name } = entry.resource;
      const key =
        service &&
        keyOf(service, servicePort(service, path.backend.port) ?? apiServicePort(service));
      if (service && key && entry.tlsPlace === 'envoy')
        found.set(key, `${kind} ${name} passes TLS through to it`);
      else if (service && key && isToldTls(entry, path, surface))
        found.set(key, `${kind} ${name} is told to speak TLS to it`);
    }
  return found;
});

/** What a config says of TLS; a section without a switch is there because it is used. */
function tlsIn(json: Json | undefined): boolean | undefined {
  const tls = getIn(json, ['apiserver', 'tls']);
  if (!isObject(tls) || Object.keys(tls).length === 0) return undefined;
  return asText(tls['enabled'] ?? true) === 'true';
}
