/**
 * Whether pods get the time that they need to end.
 *
 * Sources: Kubernetes, "Container lifecycle hooks" (the grace period counts from before preStop), `validateSleepAction`; Envoy, "Command
 * line options" (`--drain-time-s`).
 */
import { type PlacedContainer, placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../manifests/workload.ts';
import { programsOf } from '../surface/configs.ts';
import { optionOf, runsEnvoy } from '../surface/envoy-program.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { getIn, type JsonObject, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { withoutShell } from './shared/no-shell.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A pod is killed before it is done',
  why: 'The time of `terminationGracePeriodSeconds`, 30 seconds unless it is set, begins before `preStop` does. What still runs at its end is killed: streams are cut at every rollout and every drain of a node, and new requests meet a pod that is gone.',
  fix: 'set `terminationGracePeriodSeconds` above the seconds of `preStop` by as many as the program needs to end',
  find: (surface) => {
    const ours = new Set(programsOf(surface));
    return surface.workloads.flatMap((workload) => {
      const grace = graceOf(workload);
      if (grace === undefined) return [];
      const isOurs = ours.has(workload);
      return [
        ...placedContainers(workload).flatMap((container) => [
          ...ofHook(container, workload, grace, isOurs),
          ...ofDrain(container, workload, grace),
        ]),
        ...(isOurs && grace === 0 ? [atOnce(workload)] : []),
        ...withoutShell(workload, [['lifecycle', 'preStop']], () => ({
          message: 'the hook fails, and the program is told to end at once',
          fix: 'write `preStop.sleep.seconds`, which Kubernetes does by itself, or take an image with a shell',
        })),
      ];
    });
  },
};

/** Undefined where something else is written than a number. */
function graceOf(workload: Resource): number | undefined {
  const written = podSpecOf(workload)['terminationGracePeriodSeconds'] ?? 30;
  return typeof written === 'number' ? written : undefined;
}

function ofHook(
  { json, path }: PlacedContainer,
  resource: Resource,
  grace: number,
  isOurs: boolean,
): Fault[] {
  const hook = ['lifecycle', 'preStop'];
  const sleep = getIn(json, [...hook, 'sleep', 'seconds']);
  const words = strings(getIn(json, [...hook, 'exec', 'command']));
  const seconds = typeof sleep === 'number' ? sleep : isOurs ? secondsIn(words) : undefined;
  if (seconds === undefined || seconds === 0 || seconds < grace) return [];
  const place = toPath([
    ...path,
    ...hook,
    ...(typeof sleep === 'number' ? ['sleep', 'seconds'] : ['exec', 'command']),
  ]);
  const what = `preStop takes ${seconds} s, and the pod gets ${grace} s in all`;
  if (seconds === grace)
    return isOurs
      ? [
          {
            resource,
            path: place,
            severity: 'warning',
            message: `${what}: nothing is left for the program to end what it does`,
          },
        ]
      : [];
  const end =
    typeof sleep === 'number' ? 'Kubernetes refuses it' : 'it is killed before preStop is over';
  return [
    {
      resource,
      path: place,
      message: `${what}: ${end}`,
      fix: `set \`terminationGracePeriodSeconds: ${seconds + 30}\`, or sleep less`,
    },
  ];
}

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** How long a command sleeps; undefined where it does not, or in a loop. */
function secondsIn(words: readonly string[]): number | undefined {
  const text = words.join(' ');
  if (/\b(?:while|until|for)\b/.test(text)) return undefined;
  const all = [...text.matchAll(/(?:^|[\s;&|/"'])sleep\s+"?(\d+(?:\.\d+)?)([smhd]?)\b/g)];
  if (all.length === 0) return undefined;
  return all.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 1), 0);
}

/** How long Envoy was told to drain. */
function ofDrain({ json, path }: PlacedContainer, resource: Resource, grace: number): Fault[] {
  const written = runsEnvoy(json as JsonObject) ? optionOf(json, ['--drain-time-s']) : undefined;
  const seconds = Number(written ?? 0);
  if (!(seconds > grace)) return [];
  return [
    {
      resource,
      path: toPath([...path, json['args'] === undefined ? 'command' : 'args']),
      severity: 'warning',
      message: `Envoy is told to drain for ${seconds} s, and the pod gets ${grace} s in all: what is still open then is cut`,
      fix: `set \`terminationGracePeriodSeconds\` above ${seconds}, or a shorter \`--drain-time-s\``,
    },
  ];
}

function atOnce(resource: Resource): Fault {
  return {
    resource,
    path: toPath([...podTemplatePath(resource), 'spec', 'terminationGracePeriodSeconds']),
    severity: 'warning',
    message: 'the pod is killed at once: the program cannot end what it does',
    fix: 'leave `terminationGracePeriodSeconds` out, or write the seconds that the program needs',
  };
}
