/**
 * `tls.trust` → the CA bundle in every worker's pods, and the variables by which its clients find it. Each replaces the system's
 * roots, so that the bundle has to hold the public ones too.
 *
 * Source: Go's crypto/x509 (`SSL_CERT_FILE`), gRPC's environment variables, requests' and boto3's documentation.
 */
import type { Problem } from '../errors.ts';
import { mountsConfigMap } from '../manifests/workload.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { mountedFrom, notMounted, PodDraft } from './pod-draft.ts';
import { NOTHING, type Rule } from './rule.ts';

const FIELD = 'spec.tls.trust';
const FOLDER = '/etc/michelangelo-trust';
const VOLUME = 'michelangelo-trust';

const VARIABLES = [
  'SSL_CERT_FILE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'REQUESTS_CA_BUNDLE',
  'AWS_CA_BUNDLE',
];

export const trust: Rule = ({ settings, surface }) => {
  const bundle = settings.config.spec.tls?.trust;
  if (bundle === undefined || typeof bundle === 'string') return NOTHING;
  const { workers } = surface;
  const mounted = new Set<DocumentTarget>();
  const taken: Problem[] = [];
  const edits = surface.mounting(workers).flatMap((workload) => {
    const containers = workers
      .filter(({ resource }) => mountsConfigMap(workload, resource))
      .flatMap((target) => {
        const found = mountedFrom(workload, target.resource).containers;
        if (found.length > 0) mounted.add(target);
        return found;
      });
    if (containers.length === 0) return [];
    const pod = new PodDraft(workload);
    const items = [{ key: bundle.key, path: bundle.key }];
    pod.volume({ name: VOLUME, configMap: { name: bundle.configMap, items } }, FIELD);
    pod.mount(containers, VOLUME, FOLDER, FIELD);
    for (const variable of VARIABLES)
      pod.variable(containers, variable, `${FOLDER}/${bundle.key}`, FIELD);
    taken.push(...pod.problems);
    return pod.edits;
  });
  const left = workers.filter((worker) => !mounted.has(worker));
  const resources = new Map(left.map((worker) => [worker.resource, worker]));
  const problems = [...resources.values()].map((worker) =>
    notMounted(worker, {
      message:
        "no container in this build mounts this worker's ConfigMap: the CA bundle of `tls.trust` has no place",
      expected: "the worker's workload, so that it gets the bundle",
      fix: 'add it to this kustomization, or write `preinstalled` where its pods have the bundle in another way',
    }),
  );
  return { edits, problems: [...taken, ...problems] };
};
