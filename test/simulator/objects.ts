/** Kubernetes objects of a topology, each as a JSON document. */

export const NAMESPACE = 'ma';

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: object,
  annotations: object = {},
  namespace = NAMESPACE,
): string {
  return JSON.stringify({ apiVersion, kind, metadata: { name, namespace, annotations }, spec });
}

export function configMap(name: string, key: string, text: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE },
    data: { [key]: text },
  });
}

/** A Deployment of one container. */
export function program(name: string, port: number, config?: string, namespace?: string): string[] {
  const container = {
    name: 'main',
    image: name.includes('envoy') ? 'envoyproxy/envoy:v1.40.0' : name,
    ports: [{ name: name.includes('envoy') ? 'app' : 'main', containerPort: port }],
    ...(config ? { volumeMounts: [{ name: 'config', mountPath: '/config' }] } : {}),
  };
  const volumes = config ? { volumes: [{ name: 'config', configMap: { name: config } }] } : {};
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [container], ...volumes },
  };
  const spec = { selector: { matchLabels: { app: name } }, template };
  return [object('apps/v1', 'Deployment', name, spec, {}, namespace)];
}

export function service(
  name: string,
  app: string,
  ports: readonly (readonly [port: number, targetPort: number | string])[],
  namespace?: string,
  annotations: object = {},
): string {
  const list = ports.map(([port, targetPort]) => ({ name: `p${port}`, port, targetPort }));
  return object('v1', 'Service', name, { selector: { app }, ports: list }, annotations, namespace);
}

const INTERNAL = 'internal.config.kubernetes.io/';

/**
 * A document as kustomize writes it below a namePrefix: names and references of built-in kinds, and of routes, are changed, texts inside
 * ConfigMaps are not.
 * @param isOurs - whether a name is one of the build's
 */
export function prefixed(text: string, prefix: string, isOurs: (name: string) => boolean): string {
  const json = JSON.parse(text);
  if (json.metadata.namespace !== NAMESPACE || json.kind === 'IngressClass') return text;
  const { name } = json.metadata;
  json.metadata.annotations = {
    ...json.metadata.annotations,
    [`${INTERNAL}prefixes`]: prefix,
    [`${INTERNAL}previousKinds`]: json.kind,
    [`${INTERNAL}previousNames`]: name,
    [`${INTERNAL}previousNamespaces`]: 'default',
  };
  json.metadata.name = prefix + name;
  const renamed = JSON.stringify(json, (key, value) => {
    const isReference = ['service', 'configMap'].includes(key) && value?.name;
    if (isReference && isOurs(value.name)) return { ...value, name: prefix + value.name };
    if (key !== 'backendRefs' && key !== 'parentRefs') return value;
    return value.map((one: { name: string }) =>
      isOurs(one.name) ? { ...one, name: prefix + one.name } : one,
    );
  });
  return renamed;
}
