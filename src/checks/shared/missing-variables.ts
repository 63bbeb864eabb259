/**
 * `$(NAME)` in values, commands and arguments of a container that has no such variable: it is left as it is written.
 *
 * Source: Kubernetes, "Define Dependent Environment Variables": only variables that stand before a value are filled into it, `$$(NAME)` never.
 */
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, list, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { variablesFrom } from './missing-keys.ts';

/** Names of variables as they are usually written: what stands there in small letters may be a command of a shell. */
const NAMED = /(?<!\$)(?:\$\$)*\$\(([A-Z_][A-Z0-9_]*)\)/g;
/** What Kubernetes adds for each Service of the namespace. */
const OF_SERVICES = /_SERVICE_(?:HOST|PORT)|_PORT(?:_\d+_|$)/;

/** One fault for each variable that a container of any workload names and does not have. */
export function missingVariables(surface: Surface): Fault[] {
  return surface.workloads.flatMap((workload) =>
    placedContainers(workload).flatMap((container) => inContainer(container, workload, surface)),
  );
}

function inContainer(container: PlacedContainer, resource: Resource, surface: Surface): Fault[] {
  const { json, path } = container;
  const given = variablesFrom(container, resource, surface);
  if (!given) return [];
  const env = list(json['env']);
  const own = env.map(({ name }) => asText(name));
  const all = [...given, ...own];
  const judge = (text: unknown, there: readonly string[], place: readonly (string | number)[]) =>
    namesIn(text)
      .filter((name) => !there.includes(name) && !OF_SERVICES.test(name))
      .map((name): Fault => ({ resource, path: toPath([...path, ...place]), ...said(name, all) }));
  return [
    ...env.flatMap(({ value }, index) =>
      judge(value, [...given, ...own.slice(0, index)], ['env', index, 'value']),
    ),
    ...(usesShell(container) ? [] : ['command', 'args']).flatMap((field) =>
      strings(json[field]).flatMap((word, index) => judge(word, all, [field, index])),
    ),
  ];
}

function namesIn(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return [...new Set([...text.matchAll(NAMED)].map(([, name = '']) => name))];
}

function said(name: string, all: readonly string[]): Pick<Fault, 'severity' | 'message' | 'fix'> {
  if (all.includes(name))
    return {
      message: `$(${name}) is left as it is written: the variable ${name} stands after the one that names it, or is that one`,
      fix: `move ${name} before it`,
    };
  const near = all.find((one) => isMisspelled(one, name));
  return {
    severity: near === undefined ? 'warning' : undefined,
    message: `$(${name}) is left as it is written: the container has no variable ${name}${near === undefined ? '' : `, and has ${near}`}`,
    fix: near === undefined ? `add ${name} to \`env\`` : `write \`$(${near})\``,
  };
}

/** In which `$(NAME)` is a command. */
function usesShell({ json }: PlacedContainer): boolean {
  return [...strings(json['command']), ...strings(json['args'])].some((word) =>
    /(?:^|\/)(?:ba|da|a|z)?sh$/.test(word),
  );
}
