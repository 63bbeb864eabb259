import { policiesThatCount } from '../envoy/cors.ts';
import { isTrue } from '../envoy/proto-json.ts';
import { apiVirtualHosts } from '../surface/envoy-api.ts';
import { inDocument } from '../surface/faults/fault.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** What clients of gRPC-Web read. Source: gRPC-Web protocol, "Protocol differences". */
const NEEDED_HEADERS = ['grpc-status', 'grpc-message'];

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'gRPC headers are not exposed',
  why: 'The browser hides `grpc-status` and `grpc-message` from the page unless they are exposed: gRPC-Web clients see every failure as an unknown one.',
  fix: 'set `expose_headers: "grpc-status, grpc-message, grpc-status-details-bin"`',
  find: (surface) =>
    apiVirtualHosts(surface).flatMap(({ target, calls }) =>
      policiesThatCount(calls, (policy) => exposedBy(policy) !== '').flatMap((policy) => {
        if (!policy) return [];
        const exposed = exposedBy(policy.value)
          .toLowerCase()
          .split(/[\s,]+/);
        const isAll = exposed.includes('*') && !isTrue(policy.value['allow_credentials']);
        const missing = isAll ? [] : NEEDED_HEADERS.filter((name) => !exposed.includes(name));
        if (missing.length === 0) return [];
        return [
          inDocument(target, [...policy.path, 'expose_headers'], {
            message: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not exposed`,
          }),
        ];
      }),
    ),
};

function exposedBy({ expose_headers: value }: JsonObject): string {
  return typeof value === 'string' ? value.trim() : '';
}
