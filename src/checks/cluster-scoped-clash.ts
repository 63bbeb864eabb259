import { someOf, withArticle } from '../errors.ts';
import { sameObject } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { once, onceBy } from '../surface/once.ts';
import { namespacesOf, type OtherOverlay, sharesCluster } from '../surface/other-overlay.ts';
import type { Surface } from '../surface/surface.ts';
import { equalJson, type JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Kinds without a namespace that overlays may have, beside those that begin with `Cluster`. */
const CLUSTER_SCOPED: readonly string[] = [
  'PriorityClass',
  'StorageClass',
  'PersistentVolume',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'APIService',
];

/** Kinds that belong to the cluster and not to an environment: shared as long as they are the same. */
const SHARED: readonly string[] = [
  'Namespace',
  'CustomResourceDefinition',
  'IngressClass',
  'GatewayClass',
];

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'Two overlays with one cluster-scoped name',
  why: 'In one cluster the overlay that is applied last overwrites the resource of the other, and the one that is deleted takes it along. Content that differs always clashes; equal content is allowed in overlays of the same namespace, except for a ClusterIssuer of overlays whose domains differ. Overlays whose `environment.yaml` names two clusters share none.',
  fix: 'give each overlay a `namePrefix` of its own, or another `tls.issuer.name`',
  find: (surface) => {
    const others = surface.others.filter((other) => mayShareCluster(surface, other));
    return others.length === 0
      ? []
      : clusterScoped(surface).flatMap((resource) => {
          const names = others
            .filter((other) => {
              const twin = twinOf(resource, other);
              return twin !== undefined && clashes(resource, twin, surface, other);
            })
            .map(({ name }) => name);
          const [have, kind] = [names.length > 1 ? 'have' : 'has', resource.kind];
          const message = `${someOf(names, NAMES_SHOWN)} ${have} ${withArticle(kind)} ${resource.name} as well`;
          const fix =
            resource.kind === 'ClusterIssuer'
              ? undefined
              : 'give each overlay a `namePrefix` of its own, or another name here';
          return names.length === 0 ? [] : [{ resource, path: 'metadata.name', message, fix }];
        });
  },
};

/** Other overlays that a message names. */
const NAMES_SHOWN = 3;

const clusterScoped = once(({ manifests }) => manifests.all.filter(isClusterScoped));
const scopedOfKey = onceBy(clusterScoped, ({ kind, name }) => [`${kind} ${name}`]);

function twinOf(resource: Resource, { surface }: OtherOverlay): Resource | undefined {
  return scopedOfKey(`${resource.kind} ${resource.name}`, surface).find((candidate) =>
    sameObject(candidate.reference, resource.reference),
  );
}

/** Unless both say where they are, a compute cluster is another cluster. */
function mayShareCluster(surface: Surface, other: OtherOverlay): boolean {
  const role = surface.settings?.role;
  const isOfOneRole = role === undefined || other.role === undefined || role === other.role;
  return sharesCluster(surface, other) ?? isOfOneRole;
}

/**
 * Two environments in one namespace would overwrite each other altogether: they are in two clusters, or they are one. There, equal
 * content does no harm.
 */
function clashes(
  resource: Resource,
  twin: Resource,
  surface: Surface,
  { namespaces, domain }: OtherOverlay,
): boolean {
  if (!equalJson(withoutMetadata(resource.json), withoutMetadata(twin.json))) return true;
  const ownDomain = surface.settings?.config.spec.domain;
  const isOfOtherDomain = ownDomain !== undefined && domain !== undefined && ownDomain !== domain;
  // Two environments that ask one authority: the next change of either is one of both.
  if (resource.kind === 'ClusterIssuer' && isOfOtherDomain) return true;
  const own = namespacesOf(surface);
  const isSideBySide = own.size > 0 && ![...own].some((namespace) => namespaces.has(namespace));
  return isSideBySide && !SHARED.includes(resource.kind);
}

function isClusterScoped({ kind, namespace }: Resource): boolean {
  const isKnown =
    kind.startsWith('Cluster') || CLUSTER_SCOPED.includes(kind) || SHARED.includes(kind);
  return namespace === '' && isKnown;
}

function withoutMetadata({ metadata: _, ...rest }: JsonObject): JsonObject {
  return rest;
}
