/**
 * What belongs together: Services and the pods that they select, workloads and the ConfigMaps that they mount. Pods are indexed by
 * their labels, so that a large stream costs no more than its size.
 */

import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { selectorOf } from '../manifests/service.ts';
import {
  podMetadataOf,
  selects,
  sourcesOf,
  volumesOf,
  WORKLOAD_KINDS,
} from '../manifests/workload.ts';
import { groupedBy, remembered } from '../maps.ts';
import { asText } from '../yaml/json.ts';
import type { DocumentTarget } from './parts.ts';

/** Lookups for one surface. Which pods a Service picks is kept for as long as that lives, because no rule changes a selector or labels of pods. */
export class Belonging {
  readonly #manifests: Manifests;
  readonly #isWhole: boolean;
  readonly #pods = new Map<Resource, Resource[]>();
  readonly #services = new Map<Resource, Resource[]>();

  /** @param isWhole - whether everything is read in any case, and an index costs nothing more */
  constructor(manifests: Manifests, isWhole: boolean) {
    this.#manifests = manifests;
    this.#isWhole = isWhole;
  }

  /** The workloads whose pods a Service picks. */
  podsOf(service: Resource): Resource[] {
    return remembered(this.#pods, service, () => {
      const [[key, value] = []] = Object.entries(selectorOf(service) ?? {});
      return this.#manifests
        .withKey(podLabels, `${key}=${asText(value)}`, ...WORKLOAD_KINDS)
        .filter((workload) => selects(service, workload));
    });
  }

  /** The Services that pick a workload's pods. */
  servicesOf(workload: Resource): Resource[] {
    return remembered(this.#services, workload, () =>
      this.#manifests
        .find(['Service'], ['selector'])
        .filter((service) => selects(service, workload)),
    );
  }

  /** The workloads that mount one of the documents. */
  mounting(targets: readonly DocumentTarget[]): Resource[] {
    const homes = [...new Set(targets.map(({ resource }) => resource))];
    const configMaps = groupedBy(homes, (home) => home.names);
    const names = [...configMaps.keys()];
    if (names.length === 0) return [];
    const workloads = this.#isWhole
      ? names.flatMap((name) => this.#manifests.withKey(mountedNames, name, ...WORKLOAD_KINDS))
      : this.#manifests.find(WORKLOAD_KINDS, names);
    return [...new Set(workloads)].filter((workload) =>
      mountedNames(workload).some((name) =>
        configMaps.get(name)?.some(({ namespace }) => namespace === workload.namespace),
      ),
    );
  }
}

const mountedNames = (workload: Resource): string[] =>
  volumesOf(workload).flatMap((volume) => sourcesOf(volume, 'configMap'));

const podLabels = (workload: Resource): string[] =>
  Object.entries(podMetadataOf(workload, 'labels')).map(
    ([key, value]) => `${key}=${asText(value)}`,
  );
