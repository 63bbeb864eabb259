/**
 * Names of images that the kubelet cannot read.
 *
 * Source: distribution/reference, `reference.go` (no scheme, repositories in lower case, a tag of letters, digits and `._-`); the pod's
 * status is then `InvalidImageName`.
 */

import { placedContainers } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { isSubstituted, VARIABLE } from '../net/variables.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'An image whose name cannot be read',
  why: 'Kubernetes fills in no variable in the name of an image, and reads no other form than `registry/repository:tag` or `…@sha256:…`: no container starts, and a rollout stops there.',
  fix: 'write the whole name; with kustomize, `images` writes the tag',
  find: (surface) => {
    const all = imagesIn(surface);
    // Where images have variables of one kind throughout, something may fill them in on the way to the cluster.
    const alike = all.filter(({ image }) => isSubstituted(image)).length;
    return all.flatMap((one) => judge(one, alike > 1 || all.length === 1) ?? []);
  },
};

interface PlacedImage {
  resource: Resource;
  path: string;
  image: string;
}

function imagesIn({ workloads }: Surface): PlacedImage[] {
  return workloads.flatMap((resource) =>
    placedContainers(resource).flatMap(({ json, path }) => {
      const image = stringAt(json, ['image']);
      return image === '' ? [] : [{ resource, path: toPath([...path, 'image']), image }];
    }),
  );
}

function judge({ image, ...place }: PlacedImage, mayBeFilled: boolean): Fault | undefined {
  const variable = VARIABLE.exec(image)?.[0];
  if (variable !== undefined) {
    const isFilled = mayBeFilled && isSubstituted(image);
    return {
      ...place,
      severity: isFilled ? 'warning' : undefined,
      message: `\`${variable}\` stands in the image ${image}${isFilled ? ': it is right only where something fills it in before the apply' : ', which Kubernetes does not fill in'}`,
      fix: isFilled ? 'run what fills it in before the check, or write the tag' : undefined,
    };
  }
  const wrong = formFault(image);
  return wrong === undefined ? undefined : { ...place, message: `the image ${image} ${wrong}` };
}

/** What is wrong with the form, as a clause with a verb. */
function formFault(image: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(image)) return 'begins with a scheme, and an image has none';
  if (/\s/.test(image)) return 'has white space in it';
  const [name = '', digest] = image.split('@');
  if (digest !== undefined && !/^[a-z0-9+._-]+:[0-9a-f]{32,}$/i.test(digest))
    return 'has no digest behind the `@`';
  const [, repository = '', tag] = /^(.*?)(?::([^:/]*))?$/.exec(name) ?? [];
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    return tag === ''
      ? 'has no tag behind the colon'
      : `has the tag ${tag}, which no registry takes`;
  const parts = repository.split('/');
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '');
  const path = parts.slice(hasRegistry ? 1 : 0);
  if (path.some((part) => part === '')) return 'has an empty part between two slashes';
  return path.some((part) => /[A-Z]/.test(part))
    ? 'has capital letters, which no repository has'
    : undefined;
}
