/**
 * HTTP filters of Envoy that hold back, count, refuse or break requests.
 *
 * Sources: Envoy's HTTP filters buffer, local_ratelimit, rbac and fault.
 */
import { type Located, messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { secondsIn } from '../../envoy/durations.ts';
import { isEnum, numberOf } from '../../envoy/proto-json.ts';
import type { ApiManager } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { getIn, isObject, type Json, type JsonObject, objectAt } from '../../yaml/json.ts';
import { times } from './envoy-limits.ts';

const KIB = 1024;

/** Of one connection manager through which the API is reached: its filters that are not switched off. */
export function filterLimits({ target, manager }: ApiManager): Fault[] {
  return objectsIn(manager, ['http_filters'])
    .filter(({ value }) => value['disabled'] !== true)
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .flatMap((config) => {
      const details = FILTERS[typeName(config.value)]?.(config);
      return details ? [inDocument(target, [...config.path, ...details.path], details.fault)] : [];
    });
}

type OfFilter = (config: Located) => { path: readonly string[]; fault: Fault } | undefined;

/** The largest message that gRPC takes by default. */
const MESSAGE = 4 * KIB * KIB;

const FILTERS: Readonly<Record<string, OfFilter>> = {
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
  RBAC: ({ value }) => {
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
};

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
