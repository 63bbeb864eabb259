/** A Service, read: ports, selector, type. Source: Kubernetes API reference, `v1`. */
import { asText, getIn, isObject, type JsonObject, objectAt, stringAt } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** A port of a Service, as numbers and names. */
export interface ServicePort {
  /** Position in `spec.ports`. */
  index: number;
  name: string;
  port: number;
  /** A container port, or the name of one; the port itself where the Service does not say. */
  targetPort: number | string;
  /** Empty where there is none. */
  appProtocol: string;
  /** `TCP` where the Service does not say. */
  protocol: string;
}

/** Those with a number, in the order of the Service. */
export function servicePorts({ json }: Resource): ServicePort[] {
  const ports = getIn(json, ['spec', 'ports']);
  return (Array.isArray(ports) ? ports : []).flatMap((entry, index) => {
    if (!isObject(entry) || typeof entry['port'] !== 'number') return [];
    const { port, targetPort: target } = entry;
    const name = stringAt(entry, ['name']);
    const targetPort = typeof target === 'number' || typeof target === 'string' ? target : port;
    const protocol = stringAt(entry, ['protocol']) || 'TCP';
    return [
      { index, name, port, targetPort, appProtocol: stringAt(entry, ['appProtocol']), protocol },
    ];
  });
}

/** The port that a number or a name means. */
export function servicePort(
  service: Resource,
  port: number | string | undefined,
): ServicePort | undefined {
  return servicePorts(service).find((own) =>
    typeof port === 'number' ? own.port === port : own.name === port,
  );
}

/** Whether it has no address of its own. */
export function isHeadless({ json }: Resource): boolean {
  return getIn(json, ['spec', 'clusterIP']) === 'None';
}

/** `ClusterIP` where the Service does not say. */
export function typeOfService({ json }: Resource): string {
  return asText(getIn(json, ['spec', 'type']) ?? 'ClusterIP');
}

/** Undefined where the Service has none, and somebody else writes its endpoints. */
export function selectorOf({ json }: Resource): JsonObject | undefined {
  const selector = objectAt(json, ['spec', 'selector']);
  return Object.keys(selector).length > 0 ? selector : undefined;
}
