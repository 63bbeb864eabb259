/**
 * Whether the API server's own pods end TLS: whoever calls its Service has to speak TLS then.
 *
 * Source: Michelangelo's Helm chart: the port of such pods is called `grpcs`, and their config has `apiserver.tls`.
 */
import type { Resource } from '../manifests/resource.ts';
import { containerPortsOf, containersOf, mountsConfigMap } from '../manifests/workload.ts';
import { getIn, isObject, type Json } from '../yaml/json.ts';
import { apiServicePort } from './api-port.ts';
import type { Surface } from './surface.ts';

const TLS_NAME = /^grpcs(?:-|$)/;

export function apiEndsTls(service: Resource, surface: Surface): boolean {
  const { name = '', targetPort = '', appProtocol = '' } = apiServicePort(service) ?? {};
  const pods = surface.podsOf(service);
  const named = pods
    .flatMap((pod) => containerPortsOf(containersOf(pod)))
    .filter((own) => own.number === targetPort)
    .map((own) => own.name);
  return (
    [name, appProtocol, String(targetPort), ...named].some((text) => TLS_NAME.test(text)) ||
    configsOf(pods, surface).some(turnsTlsOn)
  );
}

/** The documents that the pods mount and that have a section of the API server. */
function configsOf(pods: readonly Resource[], { manifests }: Surface): (Json | undefined)[] {
  return manifests
    .find(['ConfigMap'], ['apiserver'])
    .filter((configMap) => pods.some((pod) => mountsConfigMap(pod, configMap)))
    .flatMap((configMap) =>
      configMap
        .documentKeys((text) => text.includes('apiserver') && text.includes('tls'))
        .map((key) => configMap.document(key)?.json),
    );
}

/** A section without a switch is there because it is used. */
function turnsTlsOn(json: Json | undefined): boolean {
  const tls = getIn(json, ['apiserver', 'tls']);
  if (!isObject(tls) || Object.keys(tls).length === 0) return false;
  return String(tls['enabled'] ?? true) === 'true';
}
