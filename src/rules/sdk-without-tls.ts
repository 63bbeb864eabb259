/**
 * Task pods of a compute cluster reach the API by its public address alone. Where that has TLS, the Python SDK does not speak it by itself.
 *
 * Source: Michelangelo's `python/michelangelo/api/v2/services/base.py`: an insecure channel unless another one is set.
 */
import { NOTHING, type Rule } from './rule.ts';

export const sdkWithoutTls: Rule = ({ settings, surface }) => {
  if (settings.scheme !== 'https') return NOTHING;
  const [configMap] = surface.taskPods;
  return {
    edits: [],
    problems: [
      {
        code: 'sdk-without-tls',
        severity: 'warning',
        message: `task code that calls the API with the Python SDK reaches ${settings.publicApiAddress} without TLS, and is refused there`,
        ...(configMap ? { resource: configMap.reference } : {}),
        found: 'an insecure channel unless credentials are given',
        expected: `a channel with TLS to ${settings.publicApiAddress}`,
        fix: 'let task code open the channel itself, as `ma-overlays explain OVERLAY --clients` prints it, and accept this under `spec.checks.ignore`',
      },
    ],
  };
};
