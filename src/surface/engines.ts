/** Which workflow engine each program believes in. */
import { isTemplated, readHostAndPort } from '../net/addresses.ts';
import { asText, getIn, isObject } from '../yaml/json.ts';
import { ENGINE_SECTIONS } from './clients.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';

type Provider = 'cadence' | 'temporal';

/** A section that names an engine. */
export interface Engine {
  target: DocumentTarget;
  section: (typeof ENGINE_SECTIONS)[number];
  /** As it is written; empty where nothing is, undefined where the program fills it in when it starts. */
  written: string | undefined;
  /** What the text says, in whatever letters; undefined where it says neither. */
  named: Provider | undefined;
  /** What the program makes of it. */
  spoken: Provider;
  /** `host:port` as it is written; undefined where there is none that can be judged. */
  host: string | undefined;
  /** Whether it is spoken to with TLS; undefined where the program decides when it starts. */
  tls: boolean | undefined;
  /** Where it starts workflows; undefined where nothing is written that can be judged. */
  domain: string | undefined;
}

/** One for each document and section that has one; templated hosts have no address. */
export function enginesOf(clients: readonly DocumentTarget[]): Engine[] {
  return clients.flatMap((target) =>
    ENGINE_SECTIONS.flatMap((section): Engine[] => {
      const json = getIn(jsonOf(target), [section]);
      if (!isObject(json)) return [];
      const { host, provider, useTLS } = json;
      const domain =
        section === 'workflowClient' ? json['domain'] : getIn(json, ['client', 'domain']);
      const tls = asText(useTLS ?? 'false');
      const address = typeof host === 'string' && !isTemplated(host) && readHostAndPort(host);
      const text = asText(provider ?? '');
      return [
        {
          target,
          section,
          written: isTemplated(text) ? undefined : text,
          named: nameIn(text),
          spoken: spokenBy(section, text),
          host: address ? String(host) : undefined,
          tls: isTemplated(tls) ? undefined : tls === 'true',
          domain: typeof domain === 'string' && !isTemplated(domain) ? domain : undefined,
        },
      ];
    }),
  );
}

function nameIn(text: string): Provider | undefined {
  return (['cadence', 'temporal'] as const).find((name) => name === text.toLowerCase());
}

/**
 * The controller manager knows `Temporal` alone, and takes anything else for Cadence; without a provider both do. Other images may
 * take it otherwise.
 *
 * Source: Michelangelo's `go/base/workflowclient/module.go` and `go/worker/workflowfx/module.go`, spring 2026.
 */
function spokenBy(section: Engine['section'], text: string): Provider {
  const isTemporal = section === 'workflowClient' ? text === 'Temporal' : /^temporal$/i.test(text);
  return isTemporal ? 'temporal' : 'cadence';
}
