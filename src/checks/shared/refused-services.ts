/** Ports of Services that the API server refuses. Source: Kubernetes, `pkg/apis/core/validation`, `ValidateService`. */
import type { Resource } from '../../manifests/resource.ts';
import { typeOfService } from '../../manifests/service.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list } from '../../yaml/json.ts';

/** What a cluster has unless its API server is started with `--service-node-port-range`. */
const NODE_PORTS = { first: 30_000, last: 32_767 };

/** Of every Service of the stream; that two want one port of the nodes can be seen only together. */
export function refusedServices(surface: Surface): Fault[] {
  return [
    ...twoOnOneNodePort(surface),
    ...surface.services.flatMap((service) => [...nodePorts(service), ...portNames(service)]),
  ];
}

function twoOnOneNodePort({ services }: Surface): Fault[] {
  const known = new Map<string, Resource>();
  return services.flatMap((service) =>
    list(getIn(service.json, ['spec', 'ports'])).flatMap((port, index): Fault[] => {
      const { nodePort, protocol = 'TCP' } = port;
      if (typeof nodePort !== 'number' || nodePort === 0) return [];
      const key = `${nodePort}/${asText(protocol)}`;
      const other = known.get(key);
      known.set(key, other ?? service);
      if (!other) return [];
      const whose =
        other === service
          ? 'another port of this Service'
          : `Service ${other.name} in namespace ${other.namespace || 'default'}`;
      return [
        {
          resource: service,
          path: `spec.ports[${index}].nodePort`,
          message: `node port ${nodePort} is that of ${whose} as well`,
          fix: 'give one of them another number, or none: Kubernetes chooses one then',
        },
      ];
    }),
  );
}

function nodePorts(service: Resource): Fault[] {
  const type = typeOfService(service);
  return list(getIn(service.json, ['spec', 'ports'])).flatMap(({ nodePort }, index): Fault[] => {
    if (typeof nodePort !== 'number' || nodePort === 0) return [];
    const place = { resource: service, path: `spec.ports[${index}].nodePort` };
    if (type === 'ClusterIP')
      return [
        {
          ...place,
          message: `nodePort ${nodePort} stands in a Service of type ClusterIP, which may have none`,
          fix: 'take `nodePort` away, or write `type: NodePort`',
        },
      ];
    if (nodePort >= NODE_PORTS.first && nodePort <= NODE_PORTS.last) return [];
    return [
      {
        ...place,
        severity: 'warning',
        message: `nodePort ${nodePort} is not between ${NODE_PORTS.first} and ${NODE_PORTS.last}: it is refused unless \`--service-node-port-range\` of the cluster has it`,
        fix: `write a number from ${NODE_PORTS.first} to ${NODE_PORTS.last}, or none: Kubernetes chooses one then`,
      },
    ];
  });
}

/** Every port has a name where there are several, and each its own. */
function portNames(service: Resource): Fault[] {
  const names = list(getIn(service.json, ['spec', 'ports'])).map(({ name }) => name);
  return names.flatMap((name, index): Fault[] => {
    const isTwice = name !== undefined && names.indexOf(name) < index;
    if (!isTwice && (name !== undefined || names.length === 1)) return [];
    return [
      {
        resource: service,
        path: `spec.ports[${index}].name`,
        message: isTwice
          ? `two ports have the name ${asText(name)}`
          : 'one of several ports has no name',
        fix: 'give each port its own name',
      },
    ];
  });
}
