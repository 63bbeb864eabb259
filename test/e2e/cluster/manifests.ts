/** Manifests as the end-to-end tests handle them. */
import { parse } from 'yaml';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of any kind; what is read from them is asserted.
  [key: string]: any;
}

/** The texts of a stream's documents, as they stand there: no line of a document begins with `---`. */
export function documentsOf(stream: string): string[] {
  return stream.split(/^---\n/m).filter((text) => /^[^\s#]/m.test(text));
}

/** The manifests of a stream, those of a List one by one, as kubectl reads it. */
export function manifestsOf(stream: string): Manifest[] {
  return documentsOf(stream).flatMap((text) => {
    const manifest = parse(text) as Manifest;
    return manifest.kind === 'List' ? (manifest.items as Manifest[]) : [manifest];
  });
}

/** As messages name it. */
export function nameOf({ kind, metadata }: Manifest): string {
  return [kind, metadata.namespace, metadata.name].filter(Boolean).join('/');
}

/** Every namespace that manifests name, each once. */
export function namespacesOf(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []))];
}

export function namespace(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** The GatewayClass that a Gateway asks for, Contour's here. */
export function gatewayClassOf({ spec }: Manifest): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: spec.gatewayClassName },
    spec: { controllerName: 'projectcontour.io/gateway-controller' },
  };
}

/** A copy in another namespace. */
export function inNamespace(manifest: Manifest, name: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace: name } };
}

/** A copy without an annotation, or with another value of it. */
export function withAnnotation(manifest: Manifest, key: string, value?: string): Manifest {
  const { [key]: _, ...others } = manifest.metadata.annotations ?? {};
  const annotations = value === undefined ? others : { ...others, [key]: value };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
