import { CORS_FILTER } from '../surface/cors-policies.ts';
import { type Check, inDocument } from './check.ts';
import { corsFilters } from './shared/cors-filter.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'A CORS policy without the cors filter',
  why: 'Policies are read by `envoy.filters.http.cors` alone. Without it no response has a CORS header, and every preflight reaches the backend.',
  mend: 'put `envoy.filters.http.cors` first among `http_filters`',
  find: (view) =>
    corsFilters(view).flatMap(({ target, path, position, isOff }) => {
      if (position < 0) {
        const message = `there is a CORS policy, and no ${CORS_FILTER} among the filters`;
        return [inDocument(target, { path, message })];
      }
      if (!isOff) return [];
      return [
        inDocument(target, {
          path: `${path}[${position}].disabled`,
          message: `${CORS_FILTER} is disabled, and no policy under its name switches it on`,
          mend: 'take `disabled: true` away',
        }),
      ];
    }),
};
