/**
 * Which pods get a sidecar, and what asks for one where none is.
 *
 * Sources: Istio, "Installing the Sidecar" (labels `istio-injection`, `istio.io/rev`, `sidecar.istio.io/inject`), "PeerAuthentication" (STRICT
 * takes mutual TLS alone); Linkerd, `pkg/inject/report.go` (`linkerd.io/inject` is `enabled`, `ingress` or `disabled`).
 */
import { istioOfKind } from '../../manifests/istio-objects.ts';
import { selectsPods } from '../../manifests/label-selectors.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, objectAt, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const INJECT = 'sidecar.istio.io/inject';

/** `true`, `false`, or undefined where nothing says it. */
function ownMark(pod: Resource): boolean | undefined {
  const mark = podMetadataOf(pod, 'labels')[INJECT] ?? podMetadataOf(pod, 'annotations')[INJECT];
  return mark === undefined ? undefined : asText(mark) === 'true';
}

function labelsOfHome(pod: Resource, { manifests }: Surface) {
  const home = manifests.ofKind('Namespace').find(({ name }) => sameNamespace(name, pod.namespace));
  return home && objectAt(home.json, ['metadata', 'labels']);
}

/** Whether the manifests say that pods get none. */
export function isOutOfMesh(pod: Resource, surface: Surface): boolean {
  const home = labelsOfHome(pod, surface);
  return (ownMark(pod) ?? (home?.['istio-injection'] === 'disabled' ? false : undefined)) === false;
}

function isInMesh(pod: Resource, surface: Surface): boolean {
  const home = labelsOfHome(pod, surface);
  const isMarked = home?.['istio-injection'] === 'enabled' || home?.['istio.io/rev'] !== undefined;
  return ownMark(pod) ?? (home !== undefined && isMarked);
}

/** Mutual TLS that the entry does not speak, and marks that no mesh reads. */
export function meshFaults(surface: Surface): Fault[] {
  return [...strict(surface), ...marks(surface)];
}

/** Controllers that are part of the mesh, or speak for it. */
const OF_MESH = /^istio$/;

function strict(surface: Surface): Fault[] {
  const policies = istioOfKind(surface.manifests, 'PeerAuthentication').filter(
    ({ json }) => stringAt(json, ['spec', 'mtls', 'mode']) === 'STRICT',
  );
  const outside = surface.entries.flatMap(({ resource, controllers, paths }) => {
    const [controller] = controllers;
    if (resource.kind !== 'Ingress' || controllers.length !== 1 || !controller) return [];
    if (OF_MESH.test(controller)) return [];
    const pods = paths.flatMap(({ role, backend: { service } }) =>
      role !== undefined && service ? surface.podsOf(service) : [],
    );
    return pods.map((pod) => ({ pod, resource, controller }));
  });
  return policies.flatMap((policy): Fault[] => {
    const hit = outside.filter(({ pod }) => {
      const selector = getIn(policy.json, ['spec', 'selector']);
      const isHeld = isObject(selector)
        ? sameNamespace(policy.namespace, pod.namespace) && selectsPods(selector, pod)
        : policy.namespace === 'istio-system' || sameNamespace(policy.namespace, pod.namespace);
      const isOpened = Object.keys(objectAt(policy.json, ['spec', 'portLevelMtls'])).length > 0;
      return isHeld && !isOpened && isInMesh(pod, surface);
    });
    const [first] = hit;
    if (!first || isMeshed(first.controller, surface)) return [];
    const pods = [...new Set(hit.map(({ pod }) => `${pod.kind} ${pod.name}`))].join(' and ');
    return [
      {
        resource: policy,
        path: 'spec.mtls.mode',
        severity: 'warning',
        message: `mode STRICT lets nothing but mutual TLS of the mesh reach ${pods}, and ${first.controller}, which leads requests there, speaks it only where its own pods have a sidecar`,
        fix: 'give the controller a sidecar, or write `mode: PERMISSIVE` for these pods',
      },
    ];
  });
}

/** Whether a namespace of the controller's name is in the stream, and in the mesh. */
function isMeshed(controller: string, { manifests }: Surface): boolean {
  const home = manifests.ofKind('Namespace').find(({ name }) => name.includes(controller));
  const labels = objectAt(home?.json, ['metadata', 'labels']);
  return labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined;
}

const LINKERD = 'linkerd.io/inject';

function marks(surface: Surface): Fault[] {
  const homes = surface.manifests.ofKind('Namespace').map((resource) => ({
    resource,
    path: ['metadata', 'annotations', LINKERD],
    value: resource.annotation(LINKERD),
  }));
  const pods = surface.workloads.map((resource) => ({
    resource,
    path: [...podTemplatePath(resource), 'metadata', 'annotations', LINKERD],
    value: podMetadataOf(resource, 'annotations')[LINKERD],
  }));
  return [...homes, ...pods].flatMap(({ resource, path, value }): Fault[] => {
    const text = asText(value ?? '');
    if (text === '' || /^(?:enabled|ingress|disabled)$/.test(text) || /[${]/.test(text)) return [];
    return [
      {
        resource,
        path: toPath(path),
        severity: 'warning',
        message: `${LINKERD} is ${text}, which Linkerd does not know: no proxy is added`,
        fix: 'write `enabled`, or `disabled`',
      },
    ];
  });
}
