/**
 * CA bundles of trust-manager: what it finds, and where it writes.
 *
 * Source: trust-manager, "API reference" (`spec.sources`, `spec.target.namespaceSelector`) and "Installation" (`app.trust.namespace`, which is
 * `cert-manager` unless it is set, and where the Secrets and ConfigMaps of sources are looked for).
 */
import { CERT_MANAGER_NAMESPACE } from '../../manifests/cert-manager.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list, stringAt } from '../../yaml/json.ts';

const KINDS = { secret: 'Secret', configMap: 'ConfigMap' } as const;

/** Sources that lie in another namespace than that where trust-manager looks. */
export function bundleSources(surface: Surface): Fault[] {
  return surface.manifests
    .ofKind('Bundle')
    .flatMap((bundle) =>
      list(getIn(bundle.json, ['spec', 'sources'])).flatMap((source, index) =>
        (['secret', 'configMap'] as const).flatMap((field) =>
          ofSource(bundle, stringAt(source, [field, 'name']), field, index, surface),
        ),
      ),
    );
}

function ofSource(
  bundle: Resource,
  name: string,
  field: keyof typeof KINDS,
  index: number,
  surface: Surface,
): Fault[] {
  const found = providersOf(KINDS[field], surface).filter((one) => one.name === name);
  const [first] = found;
  const home = homeOf(surface);
  if (!first || found.some((one) => isProvidedIn(one, home))) return [];
  const { by, namespace } = first;
  return [
    {
      resource: bundle,
      path: `spec.sources[${index}].${field}.name`,
      severity: 'warning',
      message: `trust-manager looks for ${KINDS[field]} ${name} in namespace ${home}, unless it is told another one, and ${by.kind} ${by.name} is in namespace ${namespace}: the bundle is not written`,
      fix: `put ${by.kind} ${by.name} into namespace ${home}, or let trust-manager run with \`--trust-namespace\` for the other`,
    },
  ];
}

/** As its own Deployment says it, where that is in the stream. */
function homeOf({ workloads }: Surface): string {
  for (const { json } of workloads) {
    const [, written] = /"--trust-namespace=([^"]+)"/.exec(JSON.stringify(json)) ?? [];
    if (written !== undefined) return written;
  }
  return CERT_MANAGER_NAMESPACE;
}
