/** Files that variables, arguments and configs of programs name, and that are not where they say. */
import { posix } from 'node:path';
import { type PlacedContainer, placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { sourcesOf, volumesOf } from '../../manifests/workload.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { programsOf } from '../../surface/configs.ts';
import { runsEnvoy } from '../../surface/envoy-program.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { providedFile } from '../../surface/provided-files.ts';
import { providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type JsonObject, leavesOf, list, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Variables by which runtimes and SDKs are given certificate authorities. */
const TRUST = [
  'SSL_CERT_FILE',
  'AWS_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
];

const FILE = /^\/[\w./-]+\.(?:ya?ml|json|crt|cer|pem|key|pb|toml|conf)$/;
const AUTHORITY =
  /(?:^|[-_.])(?:ca|root|bundle|cert|certs|certificates|trust)\b.*\.(?:crt|cer|pem)$/i;

/** A file that a container is told to read. */
interface NamedFile {
  /** Who names it: a variable, an argument. */
  by: string;
  file: string;
  /** Whether the program cannot do its work without it. */
  isNeeded: boolean;
}

interface Reader {
  workload: Resource;
  container: JsonObject;
}

/**
 * Faults of the workloads whose programs the model knows. What an image has cannot be seen: of a path in it something is said only where a mounted
 * file is probably meant.
 */
export function namedFiles(surface: Surface): Fault[] {
  return programsOf(surface).flatMap((workload) =>
    placedContainers(workload).flatMap((container) => [
      ...inVariables(container, workload, surface),
      // Envoy's own options have a check of their own.
      ...(runsEnvoy(container.json) ? [] : inArguments(container, workload, surface)),
    ]),
  );
}

/** Certificates and keys that a config names. */
export function filesOfConfig(target: DocumentTarget, surface: Surface): Fault[] {
  const named = leavesOf(jsonOf(target)).filter(({ value }) =>
    /^\/.*\.(?:crt|pem|key)$/.test(value),
  );
  return surface.mounting([target]).flatMap((workload) =>
    containersWith(target, workload).flatMap((container) =>
      named.flatMap(({ path, value: file }) => {
        const one = { by: path.join('.'), file, isNeeded: true };
        const fault = judge(one, { workload, container }, surface);
        return fault ? [inDocument(target, path, fault)] : [];
      }),
    ),
  );
}

function inVariables(
  { json, path }: PlacedContainer,
  workload: Resource,
  surface: Surface,
): Fault[] {
  return list(json['env']).flatMap(({ name, value }, index): Fault[] => {
    const by = asText(name);
    const isNeeded = TRUST.includes(by);
    const isFile = isNeeded ? /^\/[\w./-]+\.\w+$/ : FILE;
    if (typeof value !== 'string' || !isFile.test(value)) return [];
    const one = { by, file: value, isNeeded };
    const fault = judge(one, { workload, container: json }, surface);
    return fault
      ? [{ resource: workload, path: toPath([...path, 'env', index, 'value']), ...fault }]
      : [];
  });
}

function inArguments(
  { json, path }: PlacedContainer,
  workload: Resource,
  surface: Surface,
): Fault[] {
  return ['command', 'args'].flatMap((field) =>
    strings(getIn(json, [field])).flatMap((word, index): Fault[] => {
      const [, option = '', file = ''] = /^(?:(-{1,2}[\w-]+)=)?(\/.*)$/.exec(word) ?? [];
      if (!FILE.test(file)) return [];
      const one = { by: option || 'an argument', file, isNeeded: true };
      const fault = judge(one, { workload, container: json }, surface);
      return fault ? [{ resource: workload, path: toPath([...path, field, index]), ...fault }] : [];
    }),
  );
}

function judge(
  { by, file, isNeeded }: NamedFile,
  reader: Reader,
  surface: Surface,
): Fault | undefined {
  const found = providedFile(file, reader, surface);
  const isMissing = found.state === 'missing';
  if (!isMissing && found.state !== 'image') return undefined;
  const meant = meantFile(file, reader, surface);
  // An item of the volume names a key that is not there, which is told of it.
  if (isMissing && meant === file) return undefined;
  const fix = meant && `write \`${meant}\`, or mount it there`;
  if (isMissing)
    return {
      severity: isNeeded ? undefined : 'warning',
      message: `${by} names ${file}, and what is mounted at ${found.mounted.mountPath} has ${[...new Set(found.there)].join(', ') || 'no such file'}`,
      fix,
    };
  return meant === undefined
    ? undefined
    : {
        severity: 'warning',
        message: `${by} names ${file}, where nothing is mounted: it is read only where the image has it; ${meant} is mounted`,
        fix,
      };
}

/** The one mounted file that was probably meant: of the same name, or one of certificate authorities for another such. */
function meantFile(file: string, reader: Reader, surface: Surface): string | undefined {
  const all = mountedFiles(reader, surface);
  const alike = all.filter((one) => posix.basename(one) === posix.basename(file));
  const authorities = AUTHORITY.test(file) ? all.filter((one) => AUTHORITY.test(one)) : [];
  for (const found of [alike, authorities]) if (new Set(found).size === 1) return found[0];
  return undefined;
}

/** The files of ConfigMaps and Secrets in a container, as far as their keys are known; else the folder of the mount. */
function mountedFiles({ container, workload }: Reader, surface: Surface): string[] {
  return list(container['volumeMounts']).flatMap((mount) => {
    const { name, subPath } = mount;
    const mountPath = asText(mount['mountPath']);
    const volume = volumesOf(workload).find((one) => one['name'] === name);
    if (!volume) return [];
    if (subPath !== undefined) return [mountPath];
    return filesIn(volume, surface).map((file) => posix.join(mountPath, file));
  });
}

function filesIn(volume: JsonObject, surface: Surface): string[] {
  const parts = [volume, ...list(getIn(volume, ['projected', 'sources']))];
  return parts.flatMap((part) =>
    (['configMap', 'secret'] as const).flatMap((field) => {
      const items = list(getIn(part, [field, 'items']));
      if (items.length > 0) return strings(items.map((item) => item['path'] ?? null));
      const kind = field === 'secret' ? 'Secret' : 'ConfigMap';
      const [source] = sourcesOf(part, field);
      return providersOf(kind, surface)
        .filter((one) => one.name === source)
        .flatMap((one) => one.keys ?? []);
    }),
  );
}
