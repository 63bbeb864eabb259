/** Names that Node.js has everywhere and QuickJS has not. It comes before everything that uses one. */
import './text.ts';
import { Buffer } from './buffer.ts';
import * as process from './process.ts';
import { URL } from './url.ts';

/** A copy of plain JSON values. */
function structuredClone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => structuredClone(item)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, structuredClone(item)]),
  ) as T;
}

/** Libraries have nothing to print: what they find is in what they return. */
const console = { log: () => undefined, warn: () => undefined };

Object.assign(globalThis, { Buffer, console, process, structuredClone, URL });
