/** Where a string stands, and what that says of it: whether it is a host there, a name, code, or nothing that anybody applies. */
import { LAST_APPLIED, type Resource } from '../../manifests/resource.ts';
import { toPath } from '../../yaml/path.ts';
import { isClientKey } from './clients.ts';

/** Where a string stands, as messages and `hosts.leave` name it. */
export interface Place {
  /** Undefined in a piece of the input that holds no resource, or several. */
  resource: Resource | undefined;
  /** The key of `data` that holds the document; undefined for the resource itself. */
  document: string | undefined;
  /** From the top of the resource or of the document; into a document inside a string it goes on. */
  path: readonly (string | number)[];
}

/** As people read it, and as `spec.hosts.leave` has it: `data[envoy.yaml].static_resources.listeners[0].name`. */
export function printPlace({ document, path }: Omit<Place, 'resource'>): string {
  const inner = toPath(path);
  if (document === undefined) return inner;
  return `data[${document}]${inner === '' || inner.startsWith('[') ? '' : '.'}${inner}`;
}

/** Written by programs about what was there before, or what they see. */
const KEPT_ELSEWHERE = [LAST_APPLIED, 'internal.config.kubernetes.io/'];

/** Whether nobody applies what stands there. */
export function isRecord({ document, path: [first, second, third] }: Place): boolean {
  if (document !== undefined) return false;
  return (
    first === 'status' ||
    (first === 'metadata' &&
      (second === 'managedFields' ||
        (second === 'annotations' &&
          KEPT_ELSEWHERE.some((prefix) => String(third).startsWith(prefix)))))
  );
}

/**
 * Keys of a resource under which something is called by a name that others refer to, or is fetched from a registry or a store:
 * `configMapKeyRef.key`, `items[].key`, `remoteRef.property` stand for a key that stays, `items[].path` and `mountPath` for files,
 * `objectName` of a SecretProviderClass for a secret in a store.
 */
const NAME_KEY =
  /^(?:name|namespace|image|key|property|path|subPath|mountPath|apiVersion|kind|group|apiGroup|provisioner|controller|driver|topologyKey|conditionType|secretKey|secretPath|objectAlias|(?:object|resource|file|secret|configMap|credential|serviceAccount|issuer|class|section|claim|volume|cluster|gateway|scheduler|signer|controller)_?name)$/i;

/** Keys below which each text is such a name. */
const NAMES_BELOW = ['labels', 'matchLabels', 'matchExpressions', 'finalizers', 'apiGroups'];

/** Whether a string there is what something is called, even where it looks like a host. */
export function isName({ document, path }: Place): boolean {
  const [last, parent] = [path.at(-1), path.at(-2)];
  if (parent === 'metadata' || path.some((key) => NAMES_BELOW.includes(String(key)))) return true;
  if (isClientKey(String(last))) return true;
  if (document !== undefined) return false;
  return (
    (parent === 'selector' &&
      typeof last === 'string' &&
      path[0] === 'spec' &&
      path.length === 3) ||
    NAME_KEY.test(String(last))
  );
}

/** `auth-snippet`, `server-snippets`, `inline_code`, `default_source_code`, `script`. */
const CODE_KEY = /(?:snippets?|lua|scripts?|inline[-_]?code|inlineCode|source[-_]?codes?)$/i;
/** Files in which a host may be anything. */
const CODE_FILE =
  /\.(?:lua|[cm]?js|tsx?|sh|bash|py|rb|go|html?|css|conf|cfg|ini|toml|tmpl|tpl|md|xml|sql|rego|wasm|cue)$/i;

/** Whether a string there is a program, or a piece of another program's configuration. */
export function isCode({ document, path }: Place): boolean {
  if (path.some((key) => CODE_KEY.test(String(key)))) return true;
  const isFile = document === undefined && /^(?:data|stringData)$/.test(String(path[0]));
  return isFile && path.length === 2 && CODE_FILE.test(String(path[1]));
}
