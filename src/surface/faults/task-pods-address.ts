/** Whether task pods are told the API's address. */
import type { Resource } from '../../manifests/resource.ts';
import type { Surface } from '../surface.ts';
import { variableOf } from '../task-pods.ts';
import { apiCallFault } from './api-call.ts';
import type { Fault } from './fault.ts';

const ENDPOINT = 'REGISTRY_ENDPOINT';
const INSECURE = 'REGISTRY_INSECURE';

/** Plain gRPC unless the config says otherwise. */
export function taskPodsUseTls(configMap: Resource): boolean {
  return variableOf(configMap, INSECURE).toLowerCase() === 'false';
}

/** What is wrong with the address, or with the choice of TLS; undefined where a ConfigMap names none. */
export function taskPodsFault(configMap: Resource, surface: Surface): Fault | undefined {
  const written = variableOf(configMap, ENDPOINT);
  if (written === '') return undefined;
  const call = {
    written,
    useTls: taskPodsUseTls(configMap),
    home: configMap,
    switchName: 'TLS of task pods',
    setting: (isOn: boolean) => `${INSECURE}: "${!isOn}"`,
  };
  const fault = apiCallFault(call, surface);
  const key = fault?.path === 'tls' ? INSECURE : ENDPOINT;
  return fault && { ...fault, resource: configMap, path: `data.${key}` };
}
