/** Whether all programs mean one workflow engine. */
import { readHostAndPort } from '../net/addresses.ts';
import { type Engine, enginesOf } from '../surface/engines.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { isExplained } from '../surface/public-side.ts';
import type { Check } from './check.ts';
import { isSameHost } from './shared/same-host.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'Programs that mean different workflow engines',
  why: 'What the controller manager starts in one engine no worker of another takes up. Without a provider both programs speak Cadence, and the controller manager does with any other spelling than `Temporal`.',
  mend: 'give all of them the same engine: `provider: Temporal` in `workflowClient`, `provider: temporal` in `workflow-engine`; `spec.workflowEngine` writes it everywhere',
  find: (surface) => {
    const isOwn = ({ host = '' }: Engine) =>
      // Another environment's host has a finding of its own.
      !isExplained(surface, readHostAndPort(host)?.host ?? '');
    const [first, ...others] = enginesOf(surface.clients).filter(isOwn);
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

function isSame(left: string, right: string): boolean {
  const [one, other] = [left, right].map(readHostAndPort);
  return one?.port === other?.port && isSameHost(one?.host ?? '', other?.host ?? '');
}
