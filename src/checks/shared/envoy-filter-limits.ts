/**
 * HTTP filters of Envoy that hold back, count, refuse or break requests.
 *
 * Sources: Envoy's HTTP filters buffer, local_ratelimit, rbac, csrf and fault.
 */
import { type Located, messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { secondsIn } from '../../envoy/durations.ts';
import { isEnum, numberOf } from '../../envoy/proto-json.ts';
import type { ApiManager } from '../../surface/envoy-api.ts';
import { callUrls } from '../../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { crossingFrom } from '../../surface/page-origin.ts';
import { CALL } from '../../surface/path-match.ts';
import { publicSide } from '../../surface/public-side.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type Json, type JsonObject, list, objectAt } from '../../yaml/json.ts';
import { times } from './envoy-limits.ts';

const KIB = 1024;

/** Of one connection manager through which the API is reached: its filters that are not switched off. */
export function filterLimits({ target, manager }: ApiManager, surface: Surface): Fault[] {
  return objectsIn(manager, ['http_filters'])
    .filter(({ value }) => value['disabled'] !== true)
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .flatMap((config) => {
      const details = FILTERS.get(typeName(config.value))?.(config, surface);
      return details ? [inDocument(target, [...config.path, ...details.path], details.fault)] : [];
    });
}

type OfFilter = (
  config: Located,
  surface: Surface,
) => { path: readonly string[]; fault: Fault } | undefined;

/** The largest message that gRPC takes by default. */
const MESSAGE = 4 * KIB * KIB;

const FILTERS: ReadonlyMap<string, OfFilter> = new Map(
  Object.entries<OfFilter>({
    Buffer: ({ value }) => {
      const most = numberOf(value['max_request_bytes']);
      if (most === undefined || most >= MESSAGE) return undefined;
      return {
        path: ['max_request_bytes'],
        fault: {
          severity: most < 4 * KIB ? undefined : 'warning',
          message: `a call of more than ${most} bytes is answered with 413, and gRPC takes ${MESSAGE}`,
          fix: `set \`max_request_bytes: ${MESSAGE}\`, or remove the filter`,
        },
      };
    },
    LocalRateLimit: (config) => {
      const [bucket] = objectIn(config, ['token_bucket']);
      const enforced = getIn(config.value, ['filter_enforced', 'default_value', 'numerator']);
      const tokens = numberOf(bucket?.value['max_tokens']);
      const seconds = secondsIn(bucket?.value['fill_interval']);
      if (tokens === undefined || seconds === undefined || (numberOf(enforced) ?? 0) === 0)
        return undefined;
      if (tokens >= 10) return undefined;
      return {
        path: ['token_bucket', 'max_tokens'],
        fault: {
          severity: tokens > 2 ? 'warning' : undefined,
          message: `after ${times(tokens)} in ${seconds} s each other request of all users is answered with 429, those for the page among them`,
        },
      };
    },
    RBAC: ({ value }, surface) => {
      const { rules } = value;
      const isAllow = isObject(rules) && isEnum(rules['action'] ?? 'ALLOW', 'ALLOW', 0);
      const hasMatcher = value['matcher'] !== undefined;
      if (isObject(rules) && !isAllow && isEnum(rules['action'], 'DENY', 1) && deniesAll(rules))
        return {
          path: ['rules'],
          fault: {
            message: 'the rbac filter denies what a policy matches, and one matches every request',
            fix: 'say in the policy what is denied, or remove it',
          },
        };
      const isEmpty = isObject(rules) && Object.keys(objectAt(rules, ['policies'])).length === 0;
      if (
        isObject(rules) &&
        isAllow &&
        !isEmpty &&
        !callUrls(surface).some((url) => mayAllow(rules, url))
      )
        return {
          path: ['rules'],
          fault: {
            message: `the rbac filter allows what a policy matches, and none has ${CALL}: every call is answered with 403`,
            fix: 'allow the prefix `/michelangelo.api.` as well',
          },
        };
      if (!isAllow || !isEmpty || hasMatcher) return undefined;
      return {
        path: ['rules'],
        fault: {
          message:
            'the rbac filter allows what a policy matches, and has none: every request is answered with 403',
          fix: 'add a policy for the callers, or remove the filter',
        },
      };
    },
    CsrfPolicy: ({ value }, surface) => {
      const share = numberOf(getIn(value, ['filter_enabled', 'default_value', 'numerator'])) ?? 0;
      const hosts = publicSide(surface, 'ui', 'envoy')?.hosts ?? [];
      const origin = hosts.find((host) => crossingFrom(host, surface) === 'cross');
      if (share === 0 || origin === undefined || list(value['additional_origins']).length > 0)
        return undefined;
      return {
        path: ['additional_origins'],
        fault: {
          message: `the csrf filter refuses what comes from another origin, and the page is opened at ${origin}: each call of it is answered with 403`,
          // It compares hosts. Source: Envoy's `source/extensions/filters/http/csrf/csrf_filter.cc`.
          fix: `add \`exact: ${origin}\` to \`additional_origins\``,
        },
      };
    },
    HTTPFault: ({ value }) => {
      const [key] = ['abort', 'delay'].filter((each) => isInjected(objectAt(value, [each])));
      // For requests with a header, or for another cluster alone.
      if (
        key === undefined ||
        value['headers'] !== undefined ||
        value['upstream_cluster'] !== undefined
      )
        return undefined;
      return {
        path: [key],
        fault: {
          severity: key === 'abort' ? undefined : 'warning',
          message:
            key === 'abort'
              ? 'the fault filter breaks requests on purpose, with an answer of its own'
              : 'the fault filter holds requests up on purpose',
          fix: 'remove the filter: it is for tests',
        },
      };
    },
  }),
);

/** Unless every permission names another path. */
function mayAllow(rules: JsonObject, url: string): boolean {
  return Object.values(objectAt(rules, ['policies'])).some((policy) =>
    list(getIn(policy, ['permissions'])).some((permission) => {
      const path = getIn(permission, ['url_path', 'path']);
      const prefix = getIn(path, ['prefix']);
      const exact = getIn(path, ['exact']);
      if (typeof prefix === 'string') return url.startsWith(prefix);
      return typeof exact !== 'string' || url === exact;
    }),
  );
}

function deniesAll(rules: JsonObject): boolean {
  const isAny = (list: Json | undefined) =>
    Array.isArray(list) && list.some((one) => getIn(one, ['any']) === true);
  return Object.values(objectAt(rules, ['policies'])).some(
    (policy) =>
      isAny(getIn(policy, ['permissions'])) &&
      isAny(getIn(policy, ['principals'])) &&
      getIn(policy, ['condition']) === undefined,
  );
}

function isInjected(fault: JsonObject): boolean {
  const isByHeader = isObject(fault['header_abort']) || isObject(fault['header_delay']);
  return !isByHeader && (numberOf(getIn(fault, ['percentage', 'numerator'])) ?? 0) > 0;
}
