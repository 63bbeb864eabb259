import { isPublicHost } from '../net/host-names.ts';
import { apiConfigsOf } from '../surface/api-config.ts';
import type { Entry } from '../surface/entry.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { guardsOf } from '../surface/guards.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title: 'The published API asks nobody who they are',
  why: 'Without `apiserver.auth.mode`, or with `dummy`, the API server lets every caller do everything: read and delete all projects, and start programs on the compute clusters. Images before autumn 2026 know nothing else.',
  fix: 'set `apiserver.auth.mode: k8s-rbac` once all clients send tokens; or let the entry ask (external authentication, client certificates) or limit from where (an allow list); or accept this with a reason, where only trusted people reach the hosts',
  find: (surface) => {
    const open = surface.entries.filter((entry) => isOpen(entry, surface));
    if (open.length === 0) return [];
    const pods = surface.apiServices.flatMap((service) => surface.podsOf(service));
    // A Service that picks none has a finding of its own.
    return apiConfigsOf(pods.length > 0 ? pods : surface.workloads, surface).flatMap(
      (target): Fault[] => {
        const mode = getIn(jsonOf(target), ['apiserver', 'auth', 'mode']);
        const text = asText(mode ?? '');
        if (text !== '' && text !== 'dummy') return [];
        const says = text === '' ? 'has no `auth.mode`' : 'says `auth.mode: dummy`';
        return [
          inDocument(target, ['apiserver', 'auth', 'mode'], {
            message: `whoever reaches ${hostsOf(open)} may do everything: the config of the API server ${says}, and nothing guards ${namesOf(open)}${guarded(surface, open)}`,
          }),
        ];
      },
    );
  },
};

/** An entry that leads calls to the API, from other machines than this one, past nothing that guards it. */
function isOpen(entry: Entry, surface: Surface): boolean {
  const isReached =
    entry.hosts.length === 0 || entry.hosts.some((host) => isPublicHost(host.replace(/^\*\./, '')));
  return isReached && callsOf(entry).some((path) => guardsOf(entry, path, surface).length === 0);
}

function callsOf({ paths }: Entry) {
  return paths.filter(({ role }) => role === 'api' || role === 'envoy');
}

function hostsOf(entries: readonly Entry[]): string {
  const hosts = new Set(entries.flatMap((entry) => callsOf(entry).map(({ host }) => host)));
  return [...hosts].map((host) => host || 'its entry').join(', ');
}

function namesOf(entries: readonly Entry[]): string {
  return entries.map(({ resource }) => `${resource.kind} ${resource.name}`).join(' and ');
}

/** What guards the other entries: those have nothing of it. */
function guarded(surface: Surface, open: readonly Entry[]): string {
  const others = surface.entries
    .filter((entry) => !open.includes(entry))
    .flatMap((entry) => {
      const guards = callsOf(entry).flatMap((path) => guardsOf(entry, path, surface));
      return guards.length > 0
        ? [`${namesOf([entry])} has ${[...new Set(guards)].join(', ')}`]
        : [];
    });
  return others.length > 0 ? ` (${others.join('; ')})` : '';
}
