import { objectsIn } from '../envoy/bootstrap.ts';
import { kindOfFilter } from '../envoy/http-filters.ts';
import { apiManagers } from '../surface/envoy-api.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Filters that answer every request themselves, and stand last in place of the router. Source: Envoy, "HTTP filters", terminal filters. */
const TERMINAL = /^(?:router|direct_response|match_delegate|composite|upstream_codec)$/;

/** Tried with Envoy 1.40: without any filter it starts, and answers nothing; else it does not start. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'The router is not the last HTTP filter',
  why: 'The router sends requests on, and has to stand last: Envoy does not start with another filter behind it or without it, and a list without any filter answers no request.',
  fix: 'put `envoy.filters.http.router` last among `http_filters`',
  find: (surface) =>
    apiManagers(surface).flatMap(({ target, manager }) => {
      const fault = faultOf(objectsIn(manager, ['http_filters']).map(kindOfFilter));
      // What a control plane hands out cannot be seen here.
      if (!fault || getIn(manager.value, ['http_filters', 0, 'config_discovery'])) return [];
      return [inDocument(target, [...manager.path, 'http_filters'], fault)];
    }),
};

function faultOf(kinds: readonly string[]): Fault | undefined {
  if (kinds.length === 0) return { message: 'there is no HTTP filter, and no request is answered' };
  const last = kinds.at(-1) ?? '';
  const at = kinds.indexOf('router');
  if (at >= 0 && at < kinds.length - 1)
    return {
      message: `${kinds.slice(at + 1).join(', ')} comes after the router: Envoy does not start`,
    };
  return TERMINAL.test(last)
    ? undefined
    : { message: `there is no router behind ${last}: Envoy does not start` };
}
