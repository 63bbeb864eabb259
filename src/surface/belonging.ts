/**
 * What belongs together: Services and the pods that they select, workloads and the ConfigMaps that they mount. Pods are indexed by
 * their labels, so that a large stream costs no more than its size.
 */
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { selectorOf } from '../manifests/service.ts';
import { mountsConfigMap, podMetadataOf, selects, WORKLOAD_KINDS } from '../manifests/workload.ts';
import type { DocumentTarget } from './parts.ts';

export class Belonging {
  readonly #manifests: Manifests;
  readonly #pods = new Map<Resource, Resource[]>();
  readonly #services = new Map<Resource, Resource[]>();
  #byLabel: Map<string, Resource[]> | undefined;

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
  }

  /** The workloads whose pods a Service picks. */
  podsOf(service: Resource): Resource[] {
    const known = this.#pods.get(service);
    if (known) return known;
    const [[key, value] = []] = Object.entries(selectorOf(service) ?? {});
    const candidates = key === undefined ? [] : (this.#labelled().get(`${key}=${value}`) ?? []);
    const found = candidates.filter((workload) => selects(service, workload));
    this.#pods.set(service, found);
    return found;
  }

  /** The Services that pick a workload's pods. */
  servicesOf(workload: Resource): Resource[] {
    const known = this.#services.get(workload);
    if (known) return known;
    const found = this.#manifests
      .find(['Service'], ['selector'])
      .filter((service) => selects(service, workload));
    this.#services.set(workload, found);
    return found;
  }

  /** The workloads that mount one of the documents. */
  mounting(targets: readonly DocumentTarget[]): Resource[] {
    const names = targets.flatMap(({ resource }) => resource.names);
    if (names.length === 0) return [];
    return this.#manifests
      .find(WORKLOAD_KINDS, [...new Set(names)])
      .filter((workload) => targets.some(({ resource }) => mountsConfigMap(workload, resource)));
  }

  #labelled(): Map<string, Resource[]> {
    if (this.#byLabel) return this.#byLabel;
    this.#byLabel = new Map();
    for (const workload of this.#manifests.find(WORKLOAD_KINDS))
      for (const [key, value] of Object.entries(podMetadataOf(workload, 'labels'))) {
        const same = this.#byLabel.get(`${key}=${value}`);
        if (same) same.push(workload);
        else this.#byLabel.set(`${key}=${value}`, [workload]);
      }
    return this.#byLabel;
  }
}
