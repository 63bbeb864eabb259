/** What an overlay comes to, in one short text for each question. */
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import type { EntrySettings } from '../../config/entries.ts';
import { hostRoles, type Settings, type TlsMode } from '../../config/settings.ts';
import { CONTROLLERS } from '../../controllers/index.ts';
import { plural } from '../../errors.ts';
import { countChanges } from '../changes.ts';
import { brokenLinks } from '../map/traffic-map.ts';
import type { Against, OverlayReport } from '../overlay-report.ts';

/** A question with its answer. */
export interface Fact {
  name: string;
  /** Undefined where the overlay has no such thing. */
  value: string | undefined;
  /** Whether it is a name or an address, set in a fixed width. */
  isCode?: true;
  /** Whether it is bad. */
  isBad?: boolean;
}

const TLS_MODES: Readonly<Record<TlsMode, string>> = {
  acme: 'ACME, by cert-manager',
  ca: 'an internal CA, by cert-manager',
  issuer: 'an issuer that exists already',
  secret: 'Secrets that exist already',
  external: 'kept in front of the cluster',
  none: 'none: plain HTTP',
};

/** The same questions in the same order for every overlay. */
export function factsOf(report: OverlayReport): Fact[] {
  const { settings, map, check, checklist, changes } = report;
  const found = check.findings;
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const broken = brokenLinks(map).length;
  const changed = changes.reduce((sum, one) => sum + countChanges(one), 0);
  return [
    { name: 'API', value: settings?.publicApiAddress, isCode: true },
    { name: 'App', value: settings?.appOrigin, isCode: true },
    { name: 'Page', value: settings?.hasPageHost ? settings.pageOrigin : undefined, isCode: true },
    { name: 'Aliases', value: aliasesOf(settings), isCode: true },
    { name: 'Certificates', value: settings && TLS_MODES[settings.tlsMode] },
    { name: 'TLS of the app ends', value: settings && whereTlsEnds(settings) },
    { name: 'Entry', value: settings && entryOf(settings) },
    { name: 'Workers call', value: settings && WORKERS[settings.apiAddress] },
    {
      name: 'Checklist',
      value: checklistText(checklist),
      isBad: checklist.some(({ state }) => state === 'fail'),
    },
    { name: 'Findings', value: counts(errors, found.length - errors), isBad: errors > 0 },
    { name: 'Broken links', value: String(broken), isBad: broken > 0 },
    { name: 'Changes', value: String(changed) },
    {
      name: 'Against the other state',
      value: report.against && againstText(report.against),
      isBad: [...(report.against?.findings.fresh ?? [])].some(
        ({ severity }) => severity === 'error',
      ),
    },
  ];
}

const WORKERS = { public: 'the public address', service: 'the Service in the cluster' };

function aliasesOf(settings: Settings | undefined): string | undefined {
  const hosts = settings && hostRoles(settings).flatMap((role) => settings.hosts[role].slice(1));
  return hosts?.map(({ host }) => host).join(', ') || undefined;
}

function whereTlsEnds({ tlsMode, terminateAt }: Settings): string {
  if (tlsMode === 'none') return 'nowhere';
  if (tlsMode === 'external') return 'in front of the cluster, or at the entry';
  return terminateAt === 'envoy' ? 'at Envoy' : 'at the entry';
}

function entryOf({ entries }: Settings): string {
  const [api, app] = [wayOf(entries.api), wayOf(entries.app)];
  return api === app ? api : `API: ${api}; app: ${app}`;
}

function wayOf({ ingress, gateway }: EntrySettings): string {
  const controller = ingress?.value.controller;
  const ways = [
    ingress && `Ingress${controller ? `, ${CONTROLLERS[controller].title}` : ''}`,
    gateway && `Gateway API${gateway.value.className ? `, class ${gateway.value.className}` : ''}`,
  ].filter((way) => way !== undefined);
  return ways.join(' and ') || "the base's own Ingress";
}

function checklistText(lines: readonly ChecklistLine[]): string {
  const ofState = (state: ChecklistLine['state']) => lines.filter((line) => line.state === state);
  const [failed, unseen] = [ofState('fail').length, ofState('cannot be seen here').length];
  return [
    failed > 0 && `${failed} fail`,
    `${ofState('pass').length} pass`,
    unseen > 0 && `${unseen} to look at live`,
  ]
    .filter(Boolean)
    .join(', ');
}

function againstText({ name, changes, findings }: Against): string {
  const { fresh, fixed } = findings;
  const parts = [
    fresh.size > 0 && plural(fresh.size, 'new finding'),
    fixed.length > 0 && `${fixed.length} fixed`,
    changes && plural(changes.differences.length, 'other value'),
  ];
  return `${name}: ${parts.filter(Boolean).join(', ') || 'no new finding'}`;
}

function counts(errors: number, warnings: number): string {
  const parts = [
    errors > 0 && plural(errors, 'error'),
    warnings > 0 && plural(warnings, 'warning'),
  ];
  return parts.filter(Boolean).join(', ') || 'none';
}
