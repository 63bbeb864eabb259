/** Whether all programs mean one workflow engine. */
import { readHostAndPort } from '../net/addresses.ts';
import { type Engine, enginesOf } from '../surface/engines.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'Programs that mean different workflow engines',
  why: 'What the controller manager starts in one engine no worker of another takes up. Without a provider both programs speak Cadence, and the controller manager does with any other spelling than `Temporal`.',
  mend: 'give all of them the same engine: `provider: Temporal` in `workflowClient`, `provider: temporal` in `workflow-engine`; `spec.workflowEngine` writes it everywhere',
  find: ({ clients }) => {
    const [first, ...others] = enginesOf(clients);
    return first ? others.flatMap((other) => faultOf(other, first) ?? []) : [];
  },
};

function faultOf(engine: Engine, first: Engine): Fault | undefined {
  const { target, section, provider, host } = engine;
  const where = `${first.section} of ConfigMap ${first.target.resource.name}`;
  const isKnown = provider !== undefined && first.provider !== undefined;
  if (isKnown && provider !== first.provider)
    return inDocument(target, [section, 'provider'], {
      message: `${section} speaks ${provider}, and ${where} speaks ${first.provider}`,
    });
  if (host === undefined || first.host === undefined || isSame(host, first.host)) return undefined;
  return inDocument(target, [section, 'host'], {
    message: `${section} connects to ${host}, and ${where} to ${first.host}`,
    // An engine may have more than one name.
    severity: 'warning',
  });
}

/** A Service has longer and shorter names. */
function isSame(left: string, right: string): boolean {
  const [one, other] = [left, right].map((text) => {
    const { host = '', port } = readHostAndPort(text) ?? {};
    return { host, port, labels: host.split('.') };
  });
  if (!one || !other || one.port !== other.port) return false;
  const isShort = one.labels.length === 1 || other.labels.length === 1;
  const isLonger =
    `${one.host}.`.startsWith(`${other.host}.`) || `${other.host}.`.startsWith(`${one.host}.`);
  return isLonger || (isShort && one.labels[0] === other.labels[0]);
}
