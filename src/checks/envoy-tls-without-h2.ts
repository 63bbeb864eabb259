import { typeName } from '../envoy/bootstrap.ts';
import { apiManagers } from '../surface/envoy-api.ts';
import { jsonOf } from '../surface/parts.ts';
import { getIn } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { type Check, type FindingDetails, inDocument } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'TLS at Envoy does not offer HTTP/2',
  why: 'Without `h2` among `alpn_protocols`, clients fall back to HTTP/1.1: gRPC clients refuse the connection, and browsers open one for each of only six streams.',
  mend: 'set `alpn_protocols: [h2, http/1.1]` in `common_tls_context`',
  find: (view) =>
    apiManagers(view).flatMap(({ target, manager }): FindingDetails[] => {
      // …, filters, index, typed_config
      const socket = [...manager.path.slice(0, -3), 'transport_socket', 'typed_config'];
      const config = getIn(jsonOf(target), socket);
      if (typeName(config) !== 'DownstreamTlsContext') return [];
      const offered = getIn(config, ['common_tls_context', 'alpn_protocols']);
      if (Array.isArray(offered) && offered.includes('h2')) return [];
      return [
        inDocument(target, {
          path: toPath([...socket, 'common_tls_context', 'alpn_protocols']),
          message: Array.isArray(offered)
            ? `TLS offers ${offered.join(', ') || 'no protocol'}, and not h2`
            : 'TLS offers no protocol at all, and so not h2',
        }),
      ];
    }),
};
