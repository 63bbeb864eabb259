/** Durations as controllers write them, in seconds; Infinity for a wait without end. */
import type { Controller, Durations } from '../controller.ts';

/** Seconds for which streams may be silent, and calls may last: the guide's. */
export const STREAM_SECONDS = 3600;

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** Of the routes of the Gateway API. Sources: GEP-1742 (zero is without end), GEP-2257 (units). */
export const ROUTE_DURATIONS: Durations = { units: 'go', endless: 'zero' };

/**
 * The seconds that the annotation of a timeout means; undefined where the controller does not read it.
 * @param written - its value
 * @param wanted - the value that the function writes there: `name=3600` means that setting of a list
 */
export function timeoutSeconds(
  { durations }: Controller,
  written: string,
  wanted: string,
): number | undefined {
  const setting = /^([\w.]+)=/.exec(wanted)?.[1];
  const settings = written.split(',').map((item) => item.trim().split('='));
  const text = setting === undefined ? written : settings.find(([name]) => name === setting)?.[1];
  return text === undefined ? undefined : secondsOf(text, durations ?? {});
}

/** `3600s`, `1h`, `1h30m`, `infinity` or a number alone, as far as they may be written; undefined for anything else. */
export function secondsOf(text: string, durations: Durations): number | undefined {
  const trimmed = text.trim();
  const { endless } = durations;
  if (/^infinit[ey]$/.test(trimmed))
    return endless === 'infinity' ? Number.POSITIVE_INFINITY : undefined;
  const seconds = amountOf(trimmed, durations);
  return seconds === 0 && endless === 'zero' ? Number.POSITIVE_INFINITY : seconds;
}

function amountOf(text: string, { plain, units }: Durations): number | undefined {
  const isNumber = units === undefined ? /^\d+$/.test(text) : /^\d+(?:\.\d+)?$/.test(text);
  if (isNumber) return plain && Number(text) * (SECONDS[plain] ?? 1);
  const isWithUnits = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text);
  if (units === undefined || !isWithUnits || (units === 'go' && text.includes('d')))
    return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * (SECONDS[name ?? ''] ?? 0),
    0,
  );
}
