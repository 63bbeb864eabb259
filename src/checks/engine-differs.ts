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
  why: 'What the controller manager starts in one engine no worker of another takes up.',
  fix: 'give all of them the same engine: `provider: Temporal` in `workflowClient`, `provider: temporal` in `workflow-engine`; `spec.workflowEngine` writes it everywhere',
  find: (surface) => {
    const isOwn = ({ host = '' }: Engine) =>
      // Another environment's host has a finding of its own.
      !isExplained(surface, readHostAndPort(host)?.host ?? '');
    const [first, ...others] = enginesOf(surface.clients).filter(isOwn);
    return first ? others.flatMap((other) => faultsOf(other, first)) : [];
  },
};

function faultsOf(engine: Engine, first: Engine): Fault[] {
  const { target, section, host } = engine;
  const where = `${first.section} of ConfigMap ${first.target.resource.name}`;
  const provider = providerFault(engine, first, where);
  const found = provider ? [inDocument(target, [section, 'provider'], provider)] : [];
  if (host === undefined || first.host === undefined) return found;
  if (isSame(host, first.host)) return [...found, ...tlsFault(engine, first, where)];
  // Two providers have two addresses.
  if (provider) return found;
  const message = `${section} connects to ${host}, and ${where} to ${first.host}`;
  // An engine may have more than one name.
  return [inDocument(target, [section, 'host'], { message, severity: 'warning' })];
}

/** One address has TLS, or it has none. */
function tlsFault({ target, section, tls, host }: Engine, first: Engine, where: string): Fault[] {
  if (tls === undefined || first.tls === undefined || tls === first.tls) return [];
  const says = (isOn: boolean) => `${isOn ? 'uses' : 'does not use'} TLS`;
  return [
    inDocument(target, [section, 'useTLS'], {
      message: `${section} ${says(tls)} towards ${host}, and ${where} ${says(first.tls)}`,
      fix: 'set `useTLS` to the same in both; `spec.workflowEngine.useTLS` writes it everywhere',
    }),
  ];
}

/** An error where both name an engine; what rests on a default or on the letters is read by each image in its own way. */
function providerFault(engine: Engine, first: Engine, where: string): Fault | undefined {
  if (engine.written === undefined || first.written === undefined) return undefined;
  // A name of no engine has a finding of its own.
  if ([engine, first].some(({ written, named }) => written && !named)) return undefined;
  if (engine.named !== undefined && first.named !== undefined && engine.named !== first.named)
    return {
      message: `${engine.section} says ${engine.written}, and ${where} says ${first.written}`,
    };
  if (engine.spoken === first.spoken) return undefined;
  const [unclear] = [engine, first].filter(({ named, spoken }) => named !== spoken);
  const reading =
    unclear?.section === 'workflowClient'
      ? 'controller managers of spring 2026 take anything but `Temporal` for Cadence, and other images may not'
      : 'what a worker makes of that depends on its image';
  return {
    message: `${engine.section} ${shown(engine)}, and ${where} ${shown(first)}: ${reading}`,
    severity: 'warning',
  };
}

function shown({ written }: Engine): string {
  return written ? `says ${written}` : 'has no provider';
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [left, right].map(readHostAndPort);
  return one?.port === other?.port && isSameHost(one?.host ?? '', other?.host ?? '');
}
