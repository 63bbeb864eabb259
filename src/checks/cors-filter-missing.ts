import { CORS_FILTER } from '../envoy/cors.ts';
import { inDocument } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';
import { corsFilters } from './shared/cors-filter.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'A CORS policy without the cors filter',
  why: 'Policies are read by `envoy.filters.http.cors` alone. Without it no response has a CORS header, and every preflight reaches the backend.',
  fix: 'put `envoy.filters.http.cors` first among `http_filters`',
  find: (surface) =>
    corsFilters(surface).flatMap(({ target, manager, filter, off }) => {
      if (!filter) {
        const message = `there is a CORS policy, and no ${CORS_FILTER} among the filters`;
        return [inDocument(target, [...manager.path, 'http_filters'], { message })];
      }
      if (!off) return [];
      return [
        inDocument(target, off.path, {
          message: `${CORS_FILTER} is disabled, and no policy under its name switches it on`,
          fix: 'take `disabled: true` away',
        }),
      ];
    }),
};
