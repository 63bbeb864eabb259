/** Whether a file that a program reads will be there: as far as mounts, and what fills them, are in the stream. */
import { type FileSource, type MountedPath, mountedAt } from '../manifests/mounted-files.ts';
import type { Resource } from '../manifests/resource.ts';
import { getIn, type JsonObject, objectAt } from '../yaml/json.ts';
import { isProvidedIn, type Provided, providersOf } from './providers.ts';
import type { Surface } from './surface.ts';

/** The container that reads a file, with its workload. */
export interface Reader {
  workload: Resource;
  container: JsonObject;
}

/** What is known of such a file. */
export type ProvidedFile =
  /** A ConfigMap or a Secret of the stream has it. */
  | { state: 'here'; resource: Resource; key: string }
  /** Something outside of the stream, or a controller of the cluster, makes it, or may. */
  | { state: 'elsewhere' }
  /** Nothing is mounted there: the image would have to have it. */
  | { state: 'image' }
  /** What is mounted there does not have it. */
  | { state: 'missing'; mounted: MountedPath; there: readonly string[] };

/** `file` is an absolute path in the reader's container. */
export function providedFile(file: string, reader: Reader, surface: Surface): ProvidedFile {
  const { workload, container } = reader;
  const mounted = mountedAt(file, container, workload);
  if (!mounted) return { state: 'image' };
  const there: string[] = [];
  let isOpen = mounted.isOpen;
  for (const source of mounted.sources) {
    const found = providersFor(source, workload, surface);
    const here = found.find(({ by }) => by.kind === source.kind && has(by, source.key));
    if (here) return { state: 'here', resource: here.by, key: source.key };
    // What is not there at all is told of elsewhere.
    isOpen ||= found.length === 0;
    for (const { keys } of found) {
      isOpen ||= keys === undefined || keys.includes(source.key);
      there.push(...(keys ?? []));
    }
  }
  return isOpen ? { state: 'elsewhere' } : { state: 'missing', mounted, there };
}

function providersFor(
  { kind, name }: FileSource,
  workload: Resource,
  surface: Surface,
): Provided[] {
  return providersOf(kind, surface).filter(
    (one) => one.name === name && isProvidedIn(one, workload.namespace),
  );
}

const FIELDS = ['data', 'binaryData', 'stringData'];

function has({ json }: Resource, key: string): boolean {
  return FIELDS.some((field) => Object.hasOwn(objectAt(json, [field]), key));
}

/** What a key of a ConfigMap or a Secret holds; undefined where it is no string. */
export function contentOf({ kind, json }: Resource, key: string): Buffer | undefined {
  for (const field of FIELDS) {
    const text = getIn(json, [field, key]);
    if (typeof text !== 'string') continue;
    const isEncoded = field === 'binaryData' || (kind === 'Secret' && field === 'data');
    return Buffer.from(text, isEncoded ? 'base64' : 'utf8');
  }
  return undefined;
}
