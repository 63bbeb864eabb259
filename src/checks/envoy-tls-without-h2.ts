import { chainOf, tlsContextOf } from '../envoy/listeners.ts';
import { apiManagers } from '../surface/envoy-api.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { asText, getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'TLS at Envoy does not offer HTTP/2',
  why: 'Without `h2` among `alpn_protocols`, clients fall back to HTTP/1.1: gRPC clients refuse the connection, and browsers open one for each of only six streams.',
  fix: 'set `alpn_protocols: [h2, http/1.1]` in `common_tls_context`',
  find: (surface) =>
    apiManagers(surface).flatMap(({ target, manager }) => {
      const context = tlsContextOf(chainOf(jsonOf(target), manager));
      const offered = getIn(context?.value, ['alpn_protocols']);
      if (!context || (Array.isArray(offered) && offered.includes('h2'))) return [];
      return [
        inDocument(target, [...context.path, 'alpn_protocols'], {
          message: Array.isArray(offered)
            ? `TLS offers ${asText(offered) || 'no protocol'}, and not h2`
            : 'TLS offers no protocol at all, and so not h2',
        }),
      ];
    }),
};
