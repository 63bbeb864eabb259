/** Everything that is looked at, in the order in which it is printed. */
import { grpcLine } from './api-lines.ts';
import { callLine, corsLines } from './call-lines.ts';
import { clusterLine } from './cluster-line.ts';
import { computeLines } from './compute-lines.ts';
import type { Kubectl } from './kubectl.ts';
import type { Probe } from './line.ts';
import type { Look } from './look.ts';
import { configLine, pageLine, redirectLine } from './page-lines.ts';
import type { DebugChoice } from './pods.ts';
import { prerequisiteLines } from './prerequisites.ts';
import type { PublicHost } from './targets.ts';
import { taskPodLines } from './task-pod-lines.ts';
import { linesOfHost } from './tls-lines.ts';
import { workerLines } from './worker-lines.ts';

/** How clusters are reached. */
export interface Clusters {
  own: Kubectl;
  compute: (name: string) => Kubectl;
  /** The compute clusters that the command line names. */
  named: ReadonlySet<string>;
  debug: DebugChoice;
}

/** Probes that are not run yet. Those that make no sense for this overlay are left out; those that need another one come `after` it. */
export function planFor(look: Look, { own, compute, debug }: Clusters): Probe[] {
  const { surface, targets } = look;
  const cluster = clusterLine(surface, own);
  const hosts = targets.hosts.map((target) => ({ target, lines: linesOfHost(target, look) }));
  const linesAt = (host: PublicHost) => hosts.find(({ target }) => target === host)?.lines;
  const api = hosts.flatMap(({ target, lines }) =>
    target.roles.includes('api') ? [grpcLine(target, look, lines.http2 ?? lines.connection)] : [],
  );
  const redirects = hosts.flatMap(({ target, lines }) =>
    target.scheme === 'https' ? [redirectLine(target, look, lines.address)] : [],
  );
  const { page, calls } = targets;
  const pageReached = page && linesAt(page)?.connection;
  const shown = page && pageReached ? pageLine(page, look, pageReached) : undefined;
  const callsReached = calls && linesAt(calls.host)?.connection;
  return [
    cluster,
    ...prerequisiteLines(surface, own, cluster),
    ...workerLines(surface, own, cluster),
    ...hosts.flatMap(({ lines }) => lines.probes),
    ...redirects,
    ...api,
    ...(page && shown ? [shown, configLine(page, look, shown)] : []),
    ...(calls && callsReached
      ? [...corsLines(calls, look, callsReached), callLine(calls, look, callsReached)]
      : []),
    ...computeLines(surface, own, cluster, debug),
    ...taskPodLines(surface, own, cluster, compute, debug),
  ];
}
