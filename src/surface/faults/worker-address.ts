/** Whether the workers' address is the API's. */
import { getIn } from '../../yaml/json.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from '../parts.ts';
import type { Surface } from '../surface.ts';
import { apiCallFault } from './api-call.ts';
import { type Fault, inDocument } from './fault.ts';

/** What is wrong with a worker's address, or with its choice of TLS. */
export function workerFault(target: DocumentTarget, surface: Surface): Fault | undefined {
  const json = jsonOf(target);
  const useTls = getIn(json, ['worker', 'useTLS']);
  // One that is no boolean has a finding of its own.
  const isUnknown = typeof useTls === 'string';
  const call = {
    written: getIn(json, ['worker', 'address']),
    useTls: isUnknown ? undefined : turnsTlsOn(target),
    home: target.resource,
    switchName: 'useTLS',
    setting: (isOn: boolean) => `useTLS: ${isOn}`,
  };
  const fault = apiCallFault(call, surface);
  const key = fault?.path === 'tls' ? 'useTLS' : 'address';
  return fault && inDocument(target, ['worker', key], fault);
}
