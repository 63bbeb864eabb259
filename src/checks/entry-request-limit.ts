/**
 * Limits that an Ingress sets for everybody together, or for one address.
 *
 * Sources: ingress-nginx, "Rate Limiting" and "Custom max body size" (`limit-*` hold for one address, with a burst of five times; 0 is no limit of
 * the body, 1m the default); haproxytech, `rate-limit-requests`; HAProxy Ingress, `limit-rps`; Traefik, "RateLimit" and "InFlightReq".
 */
import { CONTROLLERS } from '../controllers/index.ts';
import { middlewaresOf } from '../manifests/middleware.ts';
import { globalSetting } from '../surface/controller-settings.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A limit of the entry that ordinary use reaches',
  why: 'A page makes several calls at once and keeps watches open, and all users of an office come from one address: what is over the limit is answered with 413, 429 or 503 by the controller itself.',
  fix: 'take the limit away, or raise it far above what one user needs',
  find: (surface) =>
    surface.entries
      .filter(({ form, roles }) => form === 'ingress' && roles.size > 0)
      .filter((entry) => !redirectsAll(entry, surface.manifests))
      .flatMap((entry) => [
        ...ofAnnotations(entry),
        ...ofDefault(entry, surface),
        ...ofMiddlewares(entry, surface),
      ]),
};

/** Behind the slash of the key: up to `broken` one user is stopped, up to `low` a few are. */
const LIMITS: Readonly<Record<string, { broken: number; low: number; what: string }>> = {
  'limit-connections': { broken: 2, low: 9, what: 'connections at one time from one address' },
  'limit-rps': { broken: 1, low: 4, what: 'requests a second from one address' },
  'limit-rpm': { broken: 30, low: 119, what: 'requests a minute from one address' },
  'rate-limit-requests': { broken: 2, low: 9, what: 'requests in a period from one address' },
};

const OWNERS = /^(?:nginx\.ingress\.kubernetes\.io|haproxy\.org|haproxy-ingress\.github\.io)$/;

/** Largest bodies that are certainly too small, and smaller than what gRPC takes: a call is one body. */
const BODY = { broken: 64 * 2 ** 10, low: 2 ** 20 - 1 };

function ofAnnotations({ resource, roles }: Entry): Fault[] {
  return Object.entries(resource.annotations).flatMap(([key, value]): Fault[] => {
    const [prefix = '', name = ''] = key.split('/');
    if (!OWNERS.test(prefix) || typeof value !== 'string') return [];
    const path = `metadata.annotations[${key}]`;
    if (name === 'proxy-body-size') {
      const bytes = bytesIn(value);
      if (bytes === undefined && prefix.startsWith('nginx'))
        return [
          {
            resource,
            path,
            severity: 'warning',
            message: `\`${value}\` is no size that nginx reads: its default holds, and a request of more than 1m is answered with 413`,
            fix: `write \`${key}: "0"\`, which is no limit, or a number with \`k\`, \`m\` or \`g\``,
          },
        ];
      if (bytes === undefined || bytes === 0 || bytes > BODY.low) return [];
      return [
        {
          resource,
          path,
          severity: bytes > BODY.broken ? 'warning' : undefined,
          message: `a request of more than ${value} is answered with 413, ${roles.has('api') ? 'and the stream of a gRPC client is one request' : 'and gRPC takes calls of 4 MiB'}`,
          fix: `write \`${key}: "0"\`, which is no limit`,
        },
      ];
    }
    const limit = Object.hasOwn(LIMITS, name) ? LIMITS[name] : undefined;
    const most = /^\d+$/.test(value) ? Number(value) : undefined;
    if (!limit || most === undefined || most === 0 || most > limit.low) return [];
    return [
      {
        resource,
        path,
        severity: most > limit.broken ? 'warning' : undefined,
        message: `${name} is ${most}, for ${limit.what}: a page makes more`,
      },
    ];
  });
}

const NGINX = CONTROLLERS['ingress-nginx'];
const [SIZE = ''] = Object.keys(NGINX.both?.ingress ?? {});

/** The limit is the controller's own where an Ingress has none. */
function ofDefault({ resource, roles, controllers }: Entry, surface: Surface): Fault[] {
  const isNginx = controllers.length > 0 && controllers.every((name) => name === 'ingress-nginx');
  const isOpen = resource.annotation(SIZE) === undefined;
  if (!roles.has('api') || !isNginx || !isOpen) return [];
  if (globalSetting(NGINX, SIZE, surface) !== undefined) return [];
  // A limit that is raised for the page says nothing of calls; one that is taken away, or is raised for the API elsewhere, does.
  const bytesOf = (other: Entry) => bytesIn(other.resource.annotation(SIZE) ?? '') ?? 1;
  const other =
    surface.entriesOf('envoy').find((each) => bytesOf(each) === 0) ??
    surface.entriesOf('api').find((each) => bytesOf(each) === 0 || bytesOf(each) > BODY.low + 1);
  if (!other) return [];
  return [
    {
      resource,
      path: `metadata.annotations[${SIZE}]`,
      severity: 'warning',
      message: `Ingress ${other.resource.name} lets requests of ${other.resource.annotation(SIZE) === '0' ? 'any size' : other.resource.annotation(SIZE)} through, and this one has the default of ingress-nginx: more than 1m is answered with 413, and the stream of a gRPC client is one request`,
      fix: `annotate it with \`${SIZE}: "0"\`, which is no limit`,
    },
  ];
}

/** `1k`, `8m`, as nginx reads sizes. */
function bytesIn(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([bkmg]?)$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * 2 ** ({ k: 10, m: 20, g: 30 }[unit.toLowerCase()] ?? 0);
}

const OF_MIDDLEWARES = [
  { path: ['rateLimit', 'average'], broken: 1, low: 4, what: 'requests a period' },
  { path: ['inFlightReq', 'amount'], broken: 2, low: 9, what: 'requests at one time' },
] as const;

function ofMiddlewares({ resource }: Entry, { manifests }: Surface): Fault[] {
  return middlewaresOf(resource, manifests).flatMap((middleware) =>
    OF_MIDDLEWARES.flatMap(({ path, broken, low, what }): Fault[] => {
      const most = getIn(middleware?.json, ['spec', ...path]);
      // A second unless `period` says otherwise; zero is no limit.
      const period = getIn(middleware?.json, ['spec', 'rateLimit', 'period']) ?? '1s';
      const isKnown = path[0] !== 'rateLimit' || period === '1s' || period === 1;
      if (!middleware || !isKnown || typeof most !== 'number' || most === 0 || most > low)
        return [];
      return [
        {
          resource: middleware,
          path: ['spec', ...path].join('.'),
          severity: most > broken ? 'warning' : undefined,
          message: `${path[1]} is ${most}, for ${what} to Ingress ${resource.name}: a page makes more`,
        },
      ];
    }),
  );
}
