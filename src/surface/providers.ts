/**
 * What makes ConfigMaps and Secrets: they themselves, and the resources from which a controller of the cluster makes them.
 *
 * Sources: the reference pages of cert-manager (Certificate, annotated Ingress), trust-manager (Bundle), External Secrets, Sealed Secrets,
 * HashiCorp's Vault Secrets Operator, 1Password's and Infisical's operators, the Secrets Store CSI driver, Rook (ObjectBucketClaim),
 * OpenShift (service serving certificates, injected CA bundles), Reflector, Kubernetes Replicator and kubed.
 */
import { certificateRefsOf, listenersOf } from '../manifests/gateway.ts';
import { tlsBlocksOf } from '../manifests/ingress.ts';
import { NAMESPACE_LABEL, selectsLabels } from '../manifests/label-selectors.ts';
import { type Manifests, sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn, isObject, list, objectAt, stringAt } from '../yaml/json.ts';
import { isAnnotated } from './issuers.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

/** Something that will have a name in a namespace. */
export interface Provided {
  /** What makes it, or it itself. */
  by: Resource;
  name: string;
  /** That of the resource unless it says otherwise; undefined where it is in every namespace. */
  namespace: string | undefined;
  /** Namespaces of the stream that are left out, where it is in every other one. */
  leftOut?: readonly string[] | undefined;
  /** Undefined where nobody can tell. */
  keys: readonly string[] | undefined;
}

type Maker = (resource: Resource) => Omit<Provided, 'by' | 'namespace' | 'leftOut'>[];

const CERTIFICATE_KEYS = ['tls.crt', 'tls.key', 'ca.crt'];

const named =
  (...paths: readonly (readonly string[])[]): Maker =>
  ({ json }) => {
    const found = paths.map((path) => stringAt(json, path)).find((name) => name !== '');
    return found ? [{ name: found, keys: undefined }] : [];
  };

/** Of trust-manager: one key, and one for each further format. */
function bundleTarget(field: 'configMap' | 'secret'): Maker {
  return ({ name, json }) => {
    const target = getIn(json, ['spec', 'target']);
    if (!isObject(getIn(target, [field]))) return [];
    const formats = Object.values(objectAt(target, ['additionalFormats']));
    const keys = [getIn(target, [field]), ...formats].map((one) => stringAt(one, ['key']));
    return [{ name, keys: keys.every(Boolean) ? keys : undefined }];
  };
}

/** By the kind of what makes them. */
const SECRETS: Readonly<Record<string, Maker>> = {
  Secret: ({ name, json }) => {
    const keys = keysAt(json, ['data'], ['stringData']);
    // An empty one is filled in the cluster.
    return [{ name, keys: keys.length > 0 ? keys : undefined }];
  },
  Certificate: ({ json }) => {
    const name = stringAt(json, ['spec', 'secretName']);
    const hasMore = ['keystores', 'additionalOutputFormats'].some(
      (field) => getIn(json, ['spec', field]) !== undefined,
    );
    return name ? [{ name, keys: hasMore ? undefined : CERTIFICATE_KEYS }] : [];
  },
  ExternalSecret: ({ name, json }) => [
    { name: stringAt(json, ['spec', 'target', 'name']) || name, keys: externalKeys(json) },
  ],
  ClusterExternalSecret: named(['spec', 'externalSecretName'], ['metadata', 'name']),
  SealedSecret: ({ name, json }) => [
    {
      name: stringAt(json, ['spec', 'template', 'metadata', 'name']) || name,
      keys: keysAt(json, ['spec', 'encryptedData'], ['spec', 'template', 'data']),
    },
  ],
  VaultStaticSecret: named(['spec', 'destination', 'name']),
  VaultDynamicSecret: named(['spec', 'destination', 'name']),
  VaultPKISecret: named(['spec', 'destination', 'name']),
  HCPVaultSecretsApp: named(['spec', 'destination', 'name']),
  OnePasswordItem: named(['metadata', 'name']),
  InfisicalSecret: named(['spec', 'managedSecretReference', 'secretName']),
  BitwardenSecret: named(['spec', 'secretName']),
  Bundle: bundleTarget('secret'),
  ObjectBucketClaim: named(['metadata', 'name']),
  SecretProviderClass: ({ json }) =>
    list(getIn(json, ['spec', 'secretObjects'])).map(({ secretName, data }) => ({
      name: asText(secretName),
      keys: list(data).map(({ key }) => asText(key)),
    })),
  Service: ({ annotations }) =>
    ['service.beta.openshift.io', 'service.alpha.openshift.io'].flatMap((prefix) => {
      const name = annotations[`${prefix}/serving-cert-secret-name`];
      return typeof name === 'string' ? [{ name, keys: ['tls.crt', 'tls.key'] }] : [];
    }),
  Ingress: (resource) =>
    isAnnotated(resource)
      ? tlsBlocksOf(resource).map(({ secretName }) => ({ name: secretName, keys: undefined }))
      : [],
  Gateway: (resource) =>
    isAnnotated(resource)
      ? listenersOf(resource)
          .flatMap(({ json }) => certificateRefsOf(json))
          .map(({ name }) => ({ name, keys: undefined }))
      : [],
};

/** In a ConfigMap with one of these something else writes further keys. */
const INJECTED = /inject-(?:trusted-)?cabundle$/;

const CONFIG_MAPS: Readonly<Record<string, Maker>> = {
  ConfigMap: ({ name, json, annotations }) => {
    const marks = [...Object.keys(annotations), ...keysAt(json, ['metadata', 'labels'])];
    const keys = keysAt(json, ['data'], ['binaryData']);
    const isWhole = keys.length > 0 && !marks.some((mark) => INJECTED.test(mark));
    return [{ name, keys: isWhole ? keys : undefined }];
  },
  ObjectBucketClaim: named(['metadata', 'name']),
  Bundle: bundleTarget('configMap'),
};

/** Kinds that make one in every namespace. */
const EVERYWHERE = ['Bundle', 'ClusterExternalSecret'];

/** Annotations by which a controller copies it to other namespaces. */
const COPIED = /reflector\.v1\.k8s\.emberstack\.com|replicator\.v1\.mittwald\.de|kubed\.appscode/;

const secrets = once((surface) => provided(SECRETS, surface));
const configMaps = once((surface) => provided(CONFIG_MAPS, surface));

/** Whether it is written into a Secret that something else makes, and makes none. Source: External Secrets, "Lifecycle". */
export function isMerged({ kind, json }: Resource): boolean {
  return (
    kind === 'ExternalSecret' &&
    /^(?:Merge|None)$/.test(stringAt(json, ['spec', 'target', 'creationPolicy']))
  );
}

/** Every ConfigMap or Secret that there will be, as far as the manifests show it. */
export function providersOf(kind: 'ConfigMap' | 'Secret', surface: Surface): Provided[] {
  return kind === 'Secret' ? secrets(surface) : configMaps(surface);
}

/** Whether pods and issuers of a namespace find it. */
export function isProvidedIn({ namespace, leftOut }: Provided, wanted: string): boolean {
  if (namespace !== undefined) return sameNamespace(namespace, wanted);
  return !leftOut?.some((one) => sameNamespace(one, wanted));
}

/** Fields that say which namespaces get one; without any of them all do. */
const NAMESPACE_SELECTORS: Readonly<Record<string, readonly string[]>> = {
  Bundle: ['spec', 'target', 'namespaceSelector'],
  ClusterExternalSecret: ['spec', 'namespaceSelector'],
};

/** Namespaces whose labels are in the stream, and that a selector does not take. */
function leftOutBy(by: Resource, manifests: Manifests): string[] | undefined {
  const path = NAMESPACE_SELECTORS[by.kind];
  const selector = path && getIn(by.json, path);
  if (!isObject(selector)) return undefined;
  return manifests
    .ofKind('Namespace')
    .filter(({ name, json }) => {
      const labels = objectAt(json, ['metadata', 'labels']);
      return !selectsLabels(selector, { ...labels, [NAMESPACE_LABEL]: name });
    })
    .map(({ name }) => name);
}

function provided(makers: Readonly<Record<string, Maker>>, { manifests }: Surface): Provided[] {
  return manifests.ofKind(...Object.keys(makers)).flatMap((by) => {
    const isCopied =
      EVERYWHERE.includes(by.kind) ||
      COPIED.test(JSON.stringify([by.annotations, getIn(by.json, ['spec', 'secretTemplate'])]));
    return (makers[by.kind]?.(by) ?? []).flatMap((one): Provided[] => {
      const namespace = isCopied ? undefined : by.namespace;
      const leftOut = leftOutBy(by, manifests);
      // A resource has its original name too, until the build is over.
      const names = one.name === by.name ? by.names : [one.name];
      return names.filter(Boolean).map((name) => ({ ...one, name, by, namespace, leftOut }));
    });
  });
}

function keysAt(json: unknown, ...paths: readonly (readonly string[])[]): string[] {
  return paths.flatMap((path) => Object.keys(objectAt(json, path)));
}

function externalKeys(json: unknown): string[] | undefined {
  const template = getIn(json, ['spec', 'target', 'template']);
  const isOpen =
    getIn(json, ['spec', 'dataFrom']) !== undefined ||
    getIn(template, ['templateFrom']) !== undefined;
  if (isOpen) return undefined;
  const written = keysAt(template, ['data']);
  const fetched = list(getIn(json, ['spec', 'data'])).map(({ secretKey }) => asText(secretKey));
  return [...written, ...fetched];
}
