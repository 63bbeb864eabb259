/** Whether production runs what was tested. */
import { containersOf, podTemplatePath } from '../manifests/workload.ts';
import { programsOf } from '../surface/configs.ts';
import { stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { signOfProduction } from './shared/production.ts';

/** Names under which people put something new every day. */
const MOVING = [
  'latest',
  'main',
  'master',
  'dev',
  'develop',
  'edge',
  'nightly',
  'snapshot',
  'head',
  'stable',
];

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'An image without a fixed tag in production',
  why: "`latest`, `main` or no tag at all mean another image after each start: pods of one Deployment differ, and going back is not a change of these manifests. Michelangelo's page, Envoy's filter and the API have to be of one release.",
  fix: 'write the tag of a release, the same for all programs, or a digest',
  find: (surface) => {
    const sign = signOfProduction(surface);
    if (sign === undefined) return [];
    return programsOf(surface).flatMap((workload) =>
      containersOf(workload).flatMap((container, index) => {
        const image = stringAt(container, ['image']);
        if (image === '' || isFixed(image)) return [];
        return [
          {
            resource: workload,
            path: toPath([...podTemplatePath(workload), 'spec', 'containers', index, 'image']),
            message: `${image} is not one image for ever, and ${sign} says production`,
          },
        ];
      }),
    );
  },
};

function isFixed(image: string): boolean {
  // What is left open, or is no name at all, is told of elsewhere.
  if (image.includes('@sha256:') || image.includes('${') || image.endsWith(':')) return true;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && !MOVING.includes(tag.toLowerCase());
}
