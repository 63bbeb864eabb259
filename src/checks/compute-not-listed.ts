import { configOf, isComputeSide, sidesOf } from '../surface/faults/two-sides.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A compute cluster that its control plane does not list',
  why: 'No job is sent to a cluster that is not registered, and nothing says so: what is set up there waits for ever.',
  fix: 'add the cluster to `spec.computeClusters` of the control plane, under the same name',
  find: (surface) => {
    if (!isComputeSide(surface) || (sidesOf(surface)?.isListed ?? true)) return [];
    const { settings, others } = surface;
    const controls = others.filter(({ role }) => role === 'control-plane');
    const names = controls.map(({ name }) => name).join(', ');
    const message = `cluster ${settings.config.spec.computeCluster} is in \`spec.computeClusters\` of none of ${names}`;
    return [{ resource: configOf(settings), path: 'spec.computeCluster', message }];
  },
};
