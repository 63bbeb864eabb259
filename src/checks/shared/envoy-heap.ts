/** The heap that Envoy's overload manager lets it have, against the memory of its container. */
import { messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { numberOf } from '../../envoy/proto-json.ts';
import { envoyBootstraps } from '../../surface/envoy-bootstraps.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn } from '../../yaml/json.ts';
import { quantityOf } from './quantity.ts';

const MIB = 2 ** 20;

/** What Envoy has in use without a single request is a good part of this. */
const LEAST = 32 * MIB;

/** Source: Envoy, "Overload manager" and `resource_monitors.fixed_heap.v3.FixedHeapConfig`. */
export function heapFaults(surface: Surface): Fault[] {
  return envoyBootstraps(surface).flatMap(({ target, reader }) => {
    if (
      !surface.envoys.some(
        ({ resource, key }) => resource === target.resource && key === target.key,
      )
    )
      return [];
    const root = { path: [], value: { root: jsonOf(target) ?? null } };
    const monitors = objectIn(root, ['root', 'overload_manager']).flatMap((manager) =>
      objectsIn(manager, ['resource_monitors']).flatMap((monitor) =>
        messageIn(monitor, ['typed_config']),
      ),
    );
    const limit = quantityOf(getIn(reader?.container, ['resources', 'limits', 'memory']));
    return monitors.flatMap(({ path, value }): Fault[] => {
      const heap = numberOf(value['max_heap_size_bytes']);
      if (typeName(value) !== 'FixedHeapConfig' || heap === undefined) return [];
      const place = [...path.slice(1), 'max_heap_size_bytes'];
      if (heap < LEAST)
        return [
          inDocument(target, place, {
            message: `the overload manager lets Envoy have ${shown(heap)}, which it uses without a request: it acts as if overloaded from the start`,
            fix: 'set it to about nine tenths of the memory limit of the container',
          }),
        ];
      if (limit === undefined || heap <= limit) return [];
      return [
        inDocument(target, place, {
          severity: 'warning',
          message: `the overload manager acts near ${shown(heap)}, and the container is killed at ${shown(limit)}: it never sheds load before that`,
          fix: `set it to about nine tenths of the limit: ${Math.floor(limit * 0.9)}`,
        }),
      ];
    });
  });
}

function shown(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
