/**
 * The fields of Envoy's config that name files, and what each file is for.
 *
 * Source: Envoy's v3 API reference (`config.core.v3.DataSource`, `PathConfigSource`, `WatchedDirectory`, `RuntimeLayer.DiskLayer`,
 * `FileAccessLog`, `GrpcJsonTranscoder`); what `--mode validate` reads of them was tried with Envoy 1.40: discovery files have to exist,
 * and are not read.
 */
import { withUnderscores } from '../../envoy/proto-json.ts';
import { isObject, type Json, type JsonObject, stringAt } from '../../yaml/json.ts';

/** What Envoy takes a file for: it decides what is put in its place where the stream does not have it. */
export type FileUse =
  | 'certificate'
  | 'key'
  /** Authorities that are trusted. */
  | 'trust'
  /** JSON Web Keys. */
  | 'key set'
  /** Secrets, listeners, clusters or routes, read as they change. */
  | 'discovery'
  /** A folder that has to be there. */
  | 'folder'
  /** A file that Envoy makes. */
  | 'log'
  /** What nothing can stand in for: a description of the API, a list of certificates that are revoked. */
  | 'data'
  /** A program, which must not run here. */
  | 'code'
  /** Whatever else: a script, a body. */
  | 'text';

const OF_DATA_SOURCE: Readonly<Record<string, FileUse>> = {
  certificate_chain: 'certificate',
  private_key: 'key',
  trusted_ca: 'trust',
  local_jwks: 'key set',
  descriptor_set: 'data',
  local: 'code',
  crl: 'data',
  ocsp_staple: 'data',
  pkcs12: 'data',
  password: 'data',
  keys: 'data',
};

const OF_FIELD: Readonly<Record<string, FileUse>> = {
  proto_descriptor: 'data',
  library_path: 'code',
  symlink_root: 'folder',
  access_log_path: 'log',
  profile_path: 'log',
};

/**
 * What the file is for that a field names; undefined where it names none.
 * @param parents - the fields around it, outermost first
 */
export function useOf(
  owner: JsonObject,
  key: string,
  parents: readonly string[],
): FileUse | undefined {
  const name = withUnderscores(key);
  const parent = parents.at(-1) ?? '';
  if (name === 'filename') return OF_DATA_SOURCE[parent] ?? 'text';
  if (name !== 'path') return OF_FIELD[name];
  if (parent === 'watched_directory') return 'folder';
  if (parents.includes('access_log') || typesOf(owner).some((type) => /FileAccessLog$/.test(type)))
    return 'log';
  const isSource = /^(?:path_config_source|config_source|\w+_config)$/.test(parent);
  return isSource && parent !== 'typed_config' ? 'discovery' : undefined;
}

/** What a message says of its own type. */
export function typesOf(message: JsonObject): string[] {
  return ['@type', 'type_url', 'typeUrl'].map((key) => stringAt(message, [key])).filter(Boolean);
}

/** Without which the rest can still be judged: items of lists, values of maps, and fields. */
const OPTIONAL_ITEMS = ['http_filters', 'access_log', 'bootstrap_extensions'];
const OPTIONAL_FIELDS = ['crl', 'ocsp_staple', 'pkcs12', 'password'];

/** Whether a part of the config may be left out: an HTTP filter, what a route says of one, some messages that name a file. */
export function canBeLeftOut(within: readonly string[]): boolean {
  const [parent = '', own = ''] = within.slice(-2);
  return (
    OPTIONAL_ITEMS.includes(own) ||
    parent === 'typed_per_filter_config' ||
    OPTIONAL_FIELDS.includes(own)
  );
}

/** The names of environment variables that a config reads. */
export function variablesIn(json: Json): { name: string; parent: string }[] {
  const found: { name: string; parent: string }[] = [];
  const search = (value: Json, parent: string) => {
    if (Array.isArray(value)) for (const item of value) search(item, parent);
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const field = withUnderscores(key);
      if (field === 'environment_variable' && typeof inner === 'string')
        found.push({ name: inner, parent });
      else search(inner, field);
    }
  };
  search(json, '');
  return found;
}
