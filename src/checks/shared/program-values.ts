/**
 * Values of configs at which a program ends when it starts, or that it takes for something else.
 *
 * Sources: Michelangelo's `go/base/zapfx/module.go` (zap's levels and encodings), `go/components/pipelinerun/actors/executeworkflow.go` (the
 * template of `executionUrlFormat`, filled with `Domain` and `ExecutionID`; one that does not parse ends the controller manager in a panic),
 * `go/base/blobstore/minio/module.go` (`useEnvAws`: the variables of `credentials.NewEnvAWS`); go.uber.org/config, `Expand` ("default is
 * empty for ..."); `apiserver.auth.mode` of images since autumn 2026.
 */
import type { PlacedContainer } from '../../manifests/pod-references.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import { apiConfigsOf } from '../../surface/api-config.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { LINK_PLACES, linksOf } from '../../surface/links.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, leavesOf, list } from '../../yaml/json.ts';
import { variablesFrom } from './missing-keys.ts';
import { wrongTypes } from './program-types.ts';

/** Of all programs whose configs are here. */
export function programValues(surface: Surface): Fault[] {
  const pods = surface.apiServices.flatMap((service) => surface.podsOf(service));
  const ofApi = apiConfigsOf(pods.length > 0 ? pods : surface.workloads, surface);
  const all = [...surface.clients];
  for (const target of ofApi)
    if (!all.some((one) => one.resource === target.resource && one.key === target.key))
      all.push(target);
  return [
    ...all.flatMap((target) => [
      ...wrongTypes(target),
      ...logging(target),
      ...unsetVariables(target, surface),
      ...credentials(target, surface),
    ]),
    ...ofApi.flatMap(authMode),
    ...links(surface),
  ];
}

const WORDS = {
  level: ['debug', 'info', 'warn', 'warning', 'error', 'dpanic', 'panic', 'fatal'],
  encoding: ['json', 'console'],
} as const;

function logging(target: DocumentTarget): Fault[] {
  return (['level', 'encoding'] as const).flatMap((key): Fault[] => {
    const written = getIn(jsonOf(target), ['logging', key]);
    if (typeof written !== 'string' || written === '' || written.includes('$')) return [];
    const words: readonly string[] = WORDS[key];
    const own = written === written.toUpperCase() ? written.toLowerCase() : written;
    if (words.includes(key === 'level' ? own : written)) return [];
    const meant = words.find((word) => isMisspelled(written.toLowerCase(), word));
    return [
      inDocument(target, ['logging', key], {
        message: `logging.${key} is \`${written}\`, which there is not: the program ends when it starts`,
        fix: `write \`${meant ?? (key === 'level' ? 'info' : 'json')}\``,
      }),
    ];
  });
}

const MODES = ['dummy', 'k8s-rbac'];

function authMode(target: DocumentTarget): Fault[] {
  const path = ['apiserver', 'auth', 'mode'];
  const written = asText(getIn(jsonOf(target), path) ?? '');
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant = MODES.find(
    (mode) => mode !== written && (bare(mode) === bare(written) || isMisspelled(written, mode)),
  );
  if (meant === undefined || MODES.includes(written)) return [];
  return [
    inDocument(target, path, {
      message: `apiserver.auth.mode is \`${written}\`, and ${meant} is meant`,
      fix: `write \`${meant}\``,
    }),
  ];
}

/** `${NAME}`, without the default behind a colon. */
const VARIABLE = /(?<!\$)\$\{([A-Za-z_]\w*)\}/g;

function unsetVariables(target: DocumentTarget, surface: Surface): Fault[] {
  const named = leavesOf(jsonOf(target)).flatMap(({ path, value }) =>
    [...value.matchAll(VARIABLE)].map(([, name = '']) => ({ path, name })),
  );
  if (named.length === 0) return [];
  const lists = readersOf(target, surface).map((each) => variablesOf(each, surface));
  if (lists.length === 0 || lists.includes(undefined)) return [];
  return named
    .filter(({ name }) => lists.some((names) => !names?.includes(name)))
    .map(({ path, name }) =>
      inDocument(target, path, {
        // Images have variables of their own, and webhooks add some.
        severity: 'warning',
        message: `\${${name}} has no default, and nothing here gives the container a variable ${name}: the program ends when it starts, unless its image or a webhook has it`,
        fix: `add ${name} to \`env\`, or write a default: \`\${${name}:...}\``,
      }),
    );
}

const KEYS = [
  ['AWS_ACCESS_KEY_ID', 'AWS_ACCESS_KEY'],
  ['AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_KEY'],
];

function credentials(target: DocumentTarget, surface: Surface): Fault[] {
  const path = ['minio', 'useEnvAws'];
  if (getIn(jsonOf(target), path) !== true) return [];
  const lists = readersOf(target, surface).map((each) => variablesOf(each, surface));
  const missing = KEYS.filter((names) =>
    lists.some((there) => there && !names.some((name) => there.includes(name))),
  ).map(([name = '']) => name);
  if (missing.length === 0) return [];
  return [
    inDocument(target, path, {
      message: `minio.useEnvAws is on, and the container has no variable ${missing.join(' and ')}: requests to the object store are anonymous`,
      fix: 'add the variables from a Secret, or set `useIam: true` without `useEnvAws` where the pod has an identity of the cloud',
    }),
  ];
}

interface ContainerOf {
  container: PlacedContainer;
  workload: Parameters<typeof variablesFrom>[1];
}

function readersOf(target: DocumentTarget, surface: Surface): ContainerOf[] {
  return surface.mounting([target]).flatMap((workload) => {
    const having = containersWith(target, workload);
    return placedContainers(workload)
      .filter(({ json, path }) => having.includes(json) && path.includes('containers'))
      .map((container) => ({ container, workload }));
  });
}

/** Undefined where some of them come from a source that is not here. */
function variablesOf({ container, workload }: ContainerOf, surface: Surface) {
  const given = variablesFrom(container, workload, surface);
  const own = list(container.json['env']).map(({ name }) => asText(name));
  return given && [...given, ...own];
}

/** What the template of `executionUrlFormat` is filled with. */
const FIELDS = ['Domain', 'ExecutionID'];

function links({ clients }: Surface): Fault[] {
  return linksOf(clients).flatMap(({ target, path, text }): Fault[] => {
    const isOfExecutions = path === LINK_PLACES.executions;
    const name = path.join('.');
    const broken = brokenTemplate(text);
    if (isOfExecutions && broken)
      return [
        inDocument(target, path, {
          message: `${name} has ${broken}: the controller manager ends in a panic at the first run of a pipeline`,
          fix: 'write each field as `{{.Domain}}` or `{{.ExecutionID}}`',
        }),
      ];
    const unknown = [...text.matchAll(/\{\{-?\s*\.(\w+)\s*-?\}\}/g)]
      .map(([, field = '']) => field)
      .filter((field) => !FIELDS.includes(field));
    if (isOfExecutions && unknown.length > 0)
      return [
        inDocument(target, path, {
          severity: 'warning',
          message: `${name} has ${unknown.map((field) => `{{.${field}}}`).join(' and ')}, and the controller managers of 2026 fill in ${FIELDS.join(' and ')} alone: the link has \`<no value>\` there`,
          fix: 'write `{{.ExecutionID}}` for the workflow, `{{.Domain}}` for its domain or namespace',
        }),
      ];
    if (/^(?:[a-z][a-z0-9+.-]*:)?\/\/|^\$|^\{\{/i.test(text)) return [];
    return [
      inDocument(target, path, {
        message: `${name} has no scheme in front: what is shown is no link`,
        fix: `write \`https://${text.replace(/^\w+:\/*/, '')}\``,
      }),
    ];
  });
}

/** Undefined for a template that Go's `text/template` takes, as far as braces tell. */
function brokenTemplate(text: string): string | undefined {
  const rest = text.replaceAll(/\{\{[^{}]*\}\}/g, '');
  if (rest.includes('{{')) return 'a `{{` that is never closed';
  return /\{\{\s*\}\}/.test(text) ? 'an empty `{{}}`' : undefined;
}
