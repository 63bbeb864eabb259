/**
 * What the Kubernetes API refuses though each field has the form that a schema asks for: fields that have to agree, and values that YAML
 * made a number or a boolean of.
 *
 * Source: Kubernetes, `pkg/apis/{apps,core,networking}/validation`.
 */

import { CLASS_ANNOTATION } from '../manifests/ingress.ts';
import { selectsPods } from '../manifests/label-selectors.ts';
import { placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { podTemplatePath, WORKLOAD_KINDS } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import {
  asText,
  getIn,
  isObject,
  list,
  objectAt,
  stringAt,
  strings as textsIn,
} from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { entryHosts, tlsSecretNames } from './shared/entry-hosts.ts';
import { refusedBySecurity } from './shared/pod-security.ts';
import { LEAST_MEMORY, quantityOf } from './shared/quantity.ts';
import { refusedByLimits } from './shared/quotas.ts';
import { refusedJobs } from './shared/refused-jobs.ts';
import { refusedPods } from './shared/refused-pods.ts';
import { refusedPolicies } from './shared/refused-policies.ts';
import { refusedProbes } from './shared/refused-probes.ts';
import { refusedRollout } from './shared/refused-rollout.ts';
import { refusedScheduling } from './shared/refused-scheduling.ts';
import { refusedServices } from './shared/refused-services.ts';
import { refusedUsers } from './shared/refused-users.ts';
import { refusedLabels, refusedNames, refusedSettings } from './shared/refused-values.ts';
import { removedVersion } from './shared/removed-versions.ts';

export const check: Check = {
  family: 'The input',
  severity: 'error',
  title: 'Kubernetes refuses the manifest',
  why: 'The API server answers `invalid`, a quota lets no pod in, or the kubelet starts no container: what ran before goes on with its old state, and what is new is never there.',
  fix: 'let the fields agree, and quote values that are strings',
  find: (surface) => [
    ...surface.manifests.all.flatMap((resource) => [
      ...strings(resource),
      ...base64(resource),
      ...ingressClass(resource),
      ...secretKeys(resource),
      ...refusedNames(resource),
      ...refusedLabels(resource),
      ...removedVersion(resource),
    ]),
    ...surface.workloads.flatMap((workload) => [
      ...selector(workload),
      ...resources(workload),
      ...amounts(workload),
      ...programs(workload),
      ...refusedPods(workload),
      ...refusedSettings(workload),
      ...refusedProbes(workload),
      ...refusedUsers(workload),
      ...refusedJobs(workload),
      ...refusedScheduling(workload),
    ]),
    ...refusedServices(surface),
    ...refusedByLimits(surface),
    ...refusedBySecurity(surface),
    ...surface.manifests.ofKind('NetworkPolicy').flatMap(refusedPolicies),
    ...surface.manifests.ofKind('Deployment').flatMap(refusedRollout),
    ...surface.manifests.ofKind('Ingress').flatMap(backendPorts),
    ...entryHosts(surface),
    ...tlsSecretNames(surface),
  ],
};

/** Maps whose values are strings, in whatever kind. */
function strings(resource: Resource): Fault[] {
  const template = [...podTemplatePath(resource), 'metadata'];
  const hasTemplate = WORKLOAD_KINDS.includes(resource.kind) && template.length > 1;
  const maps = [
    ...(hasTemplate
      ? [
          [...template, 'annotations'],
          [...template, 'labels'],
          ['spec', 'selector', 'matchLabels'],
        ]
      : []),
    ['metadata', 'annotations'],
    ['metadata', 'labels'],
    ...(resource.kind === 'ConfigMap' ? [['data']] : []),
    ...(resource.kind === 'Secret' ? [['stringData']] : []),
  ];
  return maps.flatMap((path) =>
    Object.entries(objectAt(resource.json, path)).flatMap(([key, value]): Fault[] => {
      if (typeof value !== 'number' && typeof value !== 'boolean') return [];
      const found = typeof value === 'number' ? 'a number' : 'a boolean';
      return [
        {
          resource,
          path: toPath([...path, key]),
          message: `the value is ${found}, and Kubernetes takes strings alone here`,
          fix: 'put the value in quotes',
        },
      ];
    }),
  );
}

/** The content is not shown. */
function base64(resource: Resource): Fault[] {
  if (resource.kind !== 'Secret') return [];
  return Object.entries(objectAt(resource.json, ['data'])).flatMap(([key, value]): Fault[] => {
    const text = typeof value === 'string' ? value.replace(/[\r\n]/g, '') : '';
    if (typeof value !== 'string' || isBase64(text) || /[<${]|^ENC\[/.test(text)) return [];
    return [
      {
        resource,
        path: toPath(['data', key]),
        message: `the value under ${key} is not base64`,
        fix: `write it under \`stringData\` as it is, or encode it`,
      },
    ];
  });
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Keys that the type of a Secret asks for. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function secretKeys(secret: Resource): Fault[] {
  const type = stringAt(secret.json, ['type']);
  if (secret.kind !== 'Secret' || !Object.hasOwn(KEYS, type)) return [];
  const there = ['data', 'stringData'].flatMap((field) =>
    Object.keys(objectAt(secret.json, [field])),
  );
  const missing = (KEYS[type] ?? []).filter((key) => !there.includes(key));
  if (missing.length === 0) return [];
  return [
    {
      resource: secret,
      path: 'type',
      message: `a Secret of type ${type} has to have ${missing.join(' and ')}, and this one has ${there.join(', ') || 'no key'}`,
      fix: `add ${missing.join(' and ')}; values of other names belong into a Secret of type Opaque`,
    },
  ];
}

function ingressClass(ingress: Resource): Fault[] {
  const written = ingress.annotation(CLASS_ANNOTATION);
  const name = stringAt(ingress.json, ['spec', 'ingressClassName']);
  if (ingress.kind !== 'Ingress' || !written || name === '' || written === name) return [];
  return [
    {
      resource: ingress,
      path: `metadata.annotations[${CLASS_ANNOTATION}]`,
      message: `the annotation says class ${written}, and ingressClassName ${name}: a new Ingress has to say the same in both`,
      fix: 'take the annotation away',
    },
  ];
}

const WITH_SELECTOR = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

function selector(workload: Resource): Fault[] {
  const { kind, json } = workload;
  const written = getIn(json, ['spec', 'selector']);
  if (!WITH_SELECTOR.includes(kind) || !isObject(written) || selectsPods(written, workload))
    return [];
  return [
    {
      resource: workload,
      path: 'spec.selector',
      message: `the selector of ${kind} ${workload.name} does not take the labels of its own pod template`,
      fix: 'give the pod template every label of the selector; the selector of one that runs already cannot be changed',
    },
  ];
}

/** `128m` is an eighth of a byte. */
function amounts(workload: Resource): Fault[] {
  return placedContainers(workload).flatMap(({ json, path }) =>
    ['requests', 'limits'].flatMap((part) =>
      Object.entries(objectAt(json, ['resources', part])).flatMap(([name, value]): Fault[] => {
        const place = { resource: workload, path: toPath([...path, 'resources', part, name]) };
        const text = asText(value);
        const amount = quantityOf(value);
        if (amount === undefined && /^\d[\d.]*[A-Za-z]\w*$/.test(text) && !/[eE]\d+$/.test(text))
          return [
            {
              ...place,
              message: `${text} of ${name} has no unit that Kubernetes knows`,
              fix: 'write a number with a unit such as `m`, `Mi` or `Gi`',
            },
          ];
        if (name !== 'memory' || part !== 'limits' || amount === undefined) return [];
        if (amount >= LEAST_MEMORY || amount === 0) return [];
        return [
          {
            ...place,
            message: `the limit of memory is ${text}, which is ${amount < 1 ? 'less than one byte' : `${amount} bytes`}: no container starts with that`,
            fix: `write \`${Number.parseFloat(text)}Mi\``,
          },
        ];
      }),
    ),
  );
}

/** No shell takes the words of a command apart. */
function programs(workload: Resource): Fault[] {
  return placedContainers(workload).flatMap(({ json, path }): Fault[] => {
    const [program] = textsIn(json['command']);
    const [, name] = /^([\w./-]+)\s+-/.exec(program ?? '') ?? [];
    if (name === undefined) return [];
    return [
      {
        resource: workload,
        path: toPath([...path, 'command', 0]),
        message: `the first item of the command is a program and its arguments in one string, which starts with ${name}: there is no file of that name`,
        fix: 'write each word as an item of its own, in `command` or in `args`',
      },
    ];
  });
}

function resources(workload: Resource): Fault[] {
  return placedContainers(workload).flatMap(({ json, path }) =>
    Object.entries(objectAt(json, ['resources', 'requests'])).flatMap(
      ([name, request]): Fault[] => {
        const limit = getIn(json, ['resources', 'limits', name]);
        const [least, most] = [quantityOf(request), quantityOf(limit)];
        if (least === undefined || most === undefined || least <= most) return [];
        if (name === 'memory' && most < LEAST_MEMORY) return [];
        return [
          {
            resource: workload,
            path: toPath([...path, 'resources', 'requests', name]),
            message: `container ${stringAt(json, ['name'])} requests ${asText(request)} of ${name}, and its limit is ${asText(limit)}`,
            fix: `request ${asText(limit)} at most, or raise the limit`,
          },
        ];
      },
    ),
  );
}

function backendPorts(ingress: Resource): Fault[] {
  return list(getIn(ingress.json, ['spec', 'rules'])).flatMap((rule, at) =>
    list(getIn(rule, ['http', 'paths'])).flatMap((path, index): Fault[] => {
      const service = getIn(path, ['backend', 'service']);
      const port = objectAt(service, ['port']);
      if (!isObject(service)) return [];
      if (port['name'] !== undefined && port['number'] !== undefined)
        return [
          {
            resource: ingress,
            path: `spec.rules[${at}].http.paths[${index}].backend.service.port`,
            message: `the port of backend ${stringAt(service, ['name'])} has a name and a number`,
            fix: 'keep one of them',
          },
        ];
      if (Object.keys(port).length > 0) return [];
      return [
        {
          resource: ingress,
          path: `spec.rules[${at}].http.paths[${index}].backend.service`,
          message: `the backend ${stringAt(service, ['name'])} has no port`,
          fix: 'write `port: {number: …}` or `port: {name: …}`',
        },
      ];
    }),
  );
}
