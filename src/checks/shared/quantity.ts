/** Quantities of Kubernetes. Source: Kubernetes API reference, `Quantity`. */
import { asText } from '../../yaml/json.ts';

const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `512Mi`, `250m`, `2` as a number; undefined for anything else. */
export function quantityOf(value: unknown): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(asText(value ?? '')) ?? [];
  const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/**
 * Bytes below which no container starts: `512m` is half a byte, and another unit was meant. What is compared with it says nothing.
 *
 * Source: runc, `The minimum memory is 6MB` of containerd and Docker.
 */
export const LEAST_MEMORY = 2 ** 20;
