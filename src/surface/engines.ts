/** Which workflow engine each program believes in. */
import { isTemplated, readHostAndPort } from '../net/addresses.ts';
import { getIn, isObject } from '../yaml/json.ts';
import { ENGINE_SECTIONS } from './clients.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';

/** A section that names an engine. */
export interface Engine {
  target: DocumentTarget;
  section: (typeof ENGINE_SECTIONS)[number];
  /** Undefined where the program fills it in when it starts. */
  provider: 'cadence' | 'temporal' | undefined;
  /** `host:port` as it is written; undefined where there is none that can be judged. */
  host: string | undefined;
}

export function enginesOf(clients: readonly DocumentTarget[]): Engine[] {
  return clients.flatMap((target) =>
    ENGINE_SECTIONS.flatMap((section): Engine[] => {
      const json = getIn(jsonOf(target), [section]);
      if (!isObject(json)) return [];
      const { host, provider } = json;
      const address = typeof host === 'string' && !isTemplated(host) && readHostAndPort(host);
      return [
        {
          target,
          section,
          provider: providerOf(section, provider),
          host: address ? String(host) : undefined,
        },
      ];
    }),
  );
}

/** The controller manager knows `Temporal` alone, and takes anything else for Cadence; without a provider both do. */
function providerOf(section: Engine['section'], written: unknown): Engine['provider'] {
  const text = String(written ?? '');
  if (isTemplated(text)) return undefined;
  const spelled = section === 'workflowClient' ? text === 'Temporal' : /^temporal$/i.test(text);
  return spelled ? 'temporal' : 'cadence';
}
