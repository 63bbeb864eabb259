/** Durations as controllers write them, in seconds. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/**
 * `3600s`, `1h`, `1h30m`, `infinity`; a number alone counts in the unit that is given. Undefined for anything else.
 * @param unit - undefined where a number alone is no duration
 */
export function secondsOf(text: string, unit: 's' | 'ms' | undefined): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'infinity' || trimmed === 'infinite') return Number.POSITIVE_INFINITY;
  if (/^\d+(?:\.\d+)?$/.test(trimmed))
    return unit ? Number(trimmed) * (UNITS[unit] ?? 1) : undefined;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(trimmed)) return undefined;
  return [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * (UNITS[name ?? ''] ?? 0),
    0,
  );
}
