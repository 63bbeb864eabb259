/** Whether a HorizontalPodAutoscaler, or KEDA's ScaledObject that makes one, can do anything. */
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, containersOf, WORKLOAD_KINDS } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import type { Surface } from '../surface/surface.ts';
import { asNumber, asText, getIn, list, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { kedaFaults } from './shared/keda.ts';
import { isGiven } from './shared/quotas.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'An autoscaler that scales nothing',
  why: 'A name that no workload has, more pods at least than at most, or a share of a request that containers do not make: the replicas stay as they are under any load, and only the status of the autoscaler says why.',
  fix: 'name the workload in one `scaleTargetRef` alone, set the least number below the most, and give each container a request for what is measured',
  find: (surface) =>
    surface.manifests
      .ofKind(...SCALERS)
      .flatMap((scaler) => [
        ...target(scaler, surface),
        ...bounds(scaler),
        ...written(scaler, surface),
        ...requests(scaler, surface),
        ...containers(scaler, surface),
        ...sizedToo(scaler, surface),
        ...twice(scaler, surface),
      ])
      .concat(surface.manifests.ofKind('ScaledObject').flatMap((one) => kedaFaults(one, surface))),
};

const SCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];

const TARGET = ['spec', 'scaleTargetRef'];

const nameOf = ({ json }: Resource) => stringAt(json, [...TARGET, 'name']);
// That of a ScaledObject is optional.
const kindOf = ({ kind, json }: Resource) =>
  stringAt(json, [...TARGET, 'kind']) || (kind === 'ScaledObject' ? 'Deployment' : '');

function targetOf(scaler: Resource, { manifests }: Surface): Resource | undefined {
  return manifests.named(kindOf(scaler), nameOf(scaler), scaler.namespace);
}

function target(scaler: Resource, surface: Surface): Fault[] {
  const [kind, name] = [kindOf(scaler), nameOf(scaler)];
  if (!WORKLOAD_KINDS.includes(kind) || targetOf(scaler, surface)) return [];
  const all = surface.workloads.filter((one) => sameNamespace(one.namespace, scaler.namespace));
  const near =
    all.find((one) => one.name === name) ??
    all.find((one) => one.kind === kind && areNearNames(one.name, name));
  // Nothing of what it may scale is in this stream.
  if (all.length === 0) return [];
  const other = near && `${near.kind} ${near.name}`;
  return [
    {
      resource: scaler,
      path: 'spec.scaleTargetRef.name',
      // It may scale what another stream has.
      severity: near ? undefined : 'warning',
      message: `there is no ${kind} ${name} in ${scaler.namespace ? `namespace ${scaler.namespace} of ` : ''}these manifests${other ? `, and there is ${other}` : ''}`,
      fix: other
        ? `write ${other}`
        : 'write the name of a workload, unless it is in other manifests',
    },
  ];
}

/** The least and the most pods, with the fields that say so. Source: Kubernetes and KEDA, API references. */
function limitsOf({ kind, json }: Resource) {
  const isKeda = kind === 'ScaledObject';
  const fields = isKeda
    ? (['minReplicaCount', 'maxReplicaCount'] as const)
    : (['minReplicas', 'maxReplicas'] as const);
  const [least, most] = fields.map((field) => getIn(json, ['spec', field]));
  return {
    fields,
    least: asNumber(least ?? (isKeda ? 0 : 1)),
    most: asNumber(most ?? (isKeda ? 100 : Number.NaN)),
  };
}

function bounds(scaler: Resource): Fault[] {
  const { fields, least, most } = limitsOf(scaler);
  if (scaler.kind === 'HorizontalPodAutoscaler' && Number.isNaN(most))
    return [
      {
        resource: scaler,
        path: `spec.${fields[1]}`,
        message: `there is no ${fields[1]}: Kubernetes refuses it`,
        fix: `write the most pods in \`${fields[1]}\``,
      },
    ];
  if (scaler.kind === 'HorizontalPodAutoscaler' && least === 0) return atZero(scaler);
  if (!(least > most)) return [];
  return [
    {
      resource: scaler,
      path: `spec.${fields[0]}`,
      message: `${fields[0]} ${least} is more than ${fields[1]} ${most}: ${scaler.kind === 'ScaledObject' ? 'KEDA' : 'Kubernetes'} refuses it`,
      fix: `write the smaller number in \`${fields[0]}\``,
    },
  ];
}

/** Nothing of a pod can be measured where there is none. Source: Kubernetes, `pkg/apis/autoscaling/validation`; the gate is HPAScaleToZero. */
function atZero(scaler: Resource): Fault[] {
  const kinds = list(getIn(scaler.json, ['spec', 'metrics'])).map(({ type }) => asText(type));
  const isMeasured = kinds.some((kind) => kind === 'External' || kind === 'Object');
  return [
    {
      resource: scaler,
      path: 'spec.minReplicas',
      severity: isMeasured ? 'warning' : undefined,
      message: isMeasured
        ? 'minReplicas is 0: it is refused where the feature gate HPAScaleToZero of the cluster is off, and while there is no pod every request fails'
        : 'minReplicas is 0, and no metric of type Object or External says when to start a pod: Kubernetes refuses it',
      fix: 'write `minReplicas: 1` or more',
    },
  ];
}

/** A number that is written is set anew each time that the manifests are applied. */
function written(scaler: Resource, surface: Surface): Fault[] {
  const workload = targetOf(scaler, surface);
  const replicas = getIn(workload?.json, ['spec', 'replicas']);
  const { least, most } = limitsOf(scaler);
  if (!workload || typeof replicas !== 'number' || replicas === 0) return [];
  if (!(least <= most) || (replicas >= least && replicas <= most)) return [];
  return [
    {
      resource: workload,
      path: 'spec.replicas',
      severity: 'warning',
      message: `replicas is ${replicas}, and ${scaler.kind} ${scaler.name} keeps ${least} to ${most}: each time that the manifests are applied there are ${replicas} until it scales again`,
      fix: 'take `replicas` away: the autoscaler sets it',
    },
  ];
}

/** A share is one of the request: without it there is nothing to divide by. */
function requests(scaler: Resource, surface: Surface): Fault[] {
  const workload = targetOf(scaler, surface);
  if (!workload) return [];
  const shares = list(getIn(scaler.json, ['spec', 'metrics'])).flatMap((metric) => {
    const resource = getIn(metric, ['resource']);
    const isShare = getIn(resource, ['target', 'type']) === 'Utilization';
    return isShare ? stringAt(resource, ['name']) : [];
  });
  const isOld = getIn(scaler.json, ['spec', 'targetCPUUtilizationPercentage']) !== undefined;
  return [...shares, ...(isOld ? ['cpu'] : [])].flatMap((name) => {
    const without = containersOf(workload).filter((container) =>
      ['requests', 'limits'].every(
        (part) => getIn(container, ['resources', part, name]) === undefined,
      ),
    );
    if (without.length === 0 || isGiven('requests', name, workload, surface)) return [];
    const names = without.map((container) => stringAt(container, ['name'])).join(' and ');
    return [
      {
        resource: scaler,
        path: 'spec.metrics',
        severity: 'warning' as const,
        message: `it scales by a share of the ${name} request, and container ${names} of ${workload.kind} ${workload.name} makes none: nothing is scaled, unless a LimitRange of the namespace adds requests`,
        fix: `set \`resources.requests.${name}\` of the container`,
      },
    ];
  });
}

/** A metric of one container, by its name. */
function containers(scaler: Resource, surface: Surface): Fault[] {
  const workload = targetOf(scaler, surface);
  if (!workload) return [];
  const names = allContainersOf(workload).map(({ name }) => asText(name));
  return list(getIn(scaler.json, ['spec', 'metrics'])).flatMap((metric, index): Fault[] => {
    const name = stringAt(metric, ['containerResource', 'container']);
    // What a mesh adds to the pods is not in the stream.
    if (name === '' || names.includes(name) || /^(?:istio|linkerd)-proxy$/.test(name)) return [];
    return [
      {
        resource: scaler,
        path: `spec.metrics[${index}].containerResource.container`,
        severity: 'warning',
        message: `it measures container ${name}, and ${workload.kind} ${workload.name} has ${names.join(', ')}: nothing is scaled, unless something adds that container`,
        fix: names.length === 1 ? `write \`${names[0]}\`` : 'write the name of a container',
      },
    ];
  });
}

/** Source: Kubernetes autoscaler, "Vertical Pod Autoscaler", known limitations: not with a HorizontalPodAutoscaler on the same resource. */
function sizedToo(scaler: Resource, { manifests }: Surface): Fault[] {
  const sizer = manifests.ofKind('VerticalPodAutoscaler').find(({ json, namespace }) => {
    const mode = stringAt(json, ['spec', 'updatePolicy', 'updateMode']);
    return (
      sameNamespace(namespace, scaler.namespace) &&
      stringAt(json, ['spec', 'targetRef', 'kind']) === kindOf(scaler) &&
      stringAt(json, ['spec', 'targetRef', 'name']) === nameOf(scaler) &&
      !/^(?:Off|Initial)$/.test(mode)
    );
  });
  if (!sizer) return [];
  const policies = list(getIn(sizer.json, ['spec', 'resourcePolicy', 'containerPolicies']));
  const isSized = (name: string) =>
    policies.length === 0 ||
    policies.some(({ mode, controlledResources }) => {
      const names = strings(controlledResources ?? []);
      return mode !== 'Off' && (names.length === 0 || names.includes(name));
    });
  const both = sharesOf(scaler).find(isSized);
  if (both === undefined) return [];
  return [
    {
      resource: scaler,
      path: 'spec.scaleTargetRef',
      severity: 'warning',
      message: `it scales by a share of the ${both} request, which VerticalPodAutoscaler ${sizer.name} changes: each answers what the other does`,
      fix: `take ${both} out of \`controlledResources\` of the VerticalPodAutoscaler, or write \`updateMode: "Off"\``,
    },
  ];
}

/** The resources of which a share is measured. */
function sharesOf({ kind, json }: Resource): string[] {
  if (kind === 'ScaledObject')
    return list(getIn(json, ['spec', 'triggers'])).flatMap(({ type }) =>
      type === 'cpu' || type === 'memory' ? [type] : [],
    );
  const isOld = getIn(json, ['spec', 'targetCPUUtilizationPercentage']) !== undefined;
  const found = list(getIn(json, ['spec', 'metrics'])).flatMap((metric) =>
    ['resource', 'containerResource']
      .filter((field) => getIn(metric, [field, 'target', 'type']) === 'Utilization')
      .map((field) => stringAt(metric, [field, 'name'])),
  );
  return isOld ? ['cpu', ...found] : found;
}

function twice(scaler: Resource, { manifests }: Surface): Fault[] {
  const all = manifests.ofKind(...SCALERS);
  const other = all
    .slice(0, all.indexOf(scaler))
    .find(
      (one) =>
        (one.name !== scaler.name || one.kind !== scaler.kind) &&
        one.namespace === scaler.namespace &&
        kindOf(one) === kindOf(scaler) &&
        nameOf(one) === nameOf(scaler) &&
        !takesOver(one, scaler) &&
        !takesOver(scaler, one),
    );
  if (!other) return [];
  const message = `${other.kind} ${other.name} scales ${kindOf(scaler)} ${nameOf(scaler)} as well: each undoes what the other sets`;
  return [
    {
      resource: scaler,
      path: 'spec.scaleTargetRef',
      message,
      fix: 'keep one, with what both measure',
    },
  ];
}

/** KEDA may be given an autoscaler that is there. Source: KEDA, "Transfer ownership of an existing HPA". */
function takesOver(keda: Resource, scaler: Resource): boolean {
  return (
    keda.annotation('scaledobject.keda.sh/transfer-hpa-ownership') === 'true' &&
    scaler.kind === 'HorizontalPodAutoscaler'
  );
}
