/** Marks of a base that serve as they are: what a team set for a reason is not made smaller, shorter or laxer. */
import type { Controller, TlsPlace } from '../controllers/controller.ts';
import { timeoutSeconds } from '../controllers/shared/durations.ts';

/** A mark as the base has it. */
interface StandingMark {
  key: string;
  old: string;
  /** What the function would write. */
  wanted: string;
}

/** Whether the base's value does what the wanted one is for, read as the controller reads it. */
export function suits({ key, old, wanted }: StandingMark, controller: Controller): boolean {
  const { timeouts, sendTimeouts, grpcWays = [] } = controller;
  const isTimeout = [timeouts, sendTimeouts].some(
    (marks) => marks?.ingress?.[key] !== undefined || marks?.service?.[key] !== undefined,
  );
  if (isTimeout) {
    const seconds = timeoutSeconds(controller, old, wanted) ?? 0;
    return seconds >= (timeoutSeconds(controller, wanted, wanted) ?? 0);
  }
  // gRPC over TLS to pods that have it.
  return grpcWays.some(
    ({ key: known, values }) =>
      known === key &&
      typeof values !== 'string' &&
      values.includes(old.toLowerCase()) &&
      /(?:grpcs|https|-ssl)$/i.test(old),
  );
}

/** Whether the protocol that a port of the base has tells the controller what the wanted one would. */
export function suitsPort(old: string, { grpcWays = [] }: Controller): boolean {
  return grpcWays.some(
    ({ on, key, values }) =>
      on === 'port' && key === 'appProtocol' && values.includes(old.toLowerCase()),
  );
}

/** Whether a redirect of the base, which the function would not write, is stricter than what it writes. */
export function isStricterRedirect(
  { key, old }: Omit<StandingMark, 'wanted'>,
  { redirects = {} }: Controller,
  place: TlsPlace,
): boolean {
  const off = redirects[key];
  return off !== undefined && off !== old && place === 'entry';
}
