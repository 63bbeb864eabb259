import { connectionManagers } from '../envoy/bootstrap.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { asText } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Source: Envoy's `extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`, rule `min_len: 1`. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy does not start: a connection manager has no `stat_prefix`',
  why: 'Envoy refuses the whole config (`HttpConnectionManagerValidationError.StatPrefix`) and its pods end at start. The example of the network guide lacks it.',
  fix: 'set `stat_prefix: ingress_http`, or any other name for its statistics',
  find: (surface) =>
    surface.envoys.flatMap((target) =>
      connectionManagers(jsonOf(target))
        .filter(({ value }) => asText(value['stat_prefix'] ?? '') === '')
        .map(({ path }) =>
          inDocument(target, [...path, 'stat_prefix'], {
            message: 'the connection manager has no `stat_prefix`, which Envoy requires',
          }),
        ),
    ),
};
