/**
 * `tls.trust` goes into the pods of workers. Task pods are made by Michelangelo: of this build they get the variables of their ConfigMap
 * and nothing else, so that no bundle can be mounted into them here.
 *
 * Source: Michelangelo's `python/michelangelo/uniflow/plugins/ray/task.star` (`envFrom` alone); gRPC's environment variables: without this
 * one, Python's gRPC trusts the public roots that it brings along.
 */
import { variableOf } from '../surface/task-pods.ts';
import { NOTHING, type Rule } from './rule.ts';
import { taskPodClient } from './task-pods.ts';

const ROOTS = 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH';

export const taskPodsTrust: Rule = ({ settings, surface }) => {
  const bundle = settings.config.spec.tls?.trust;
  const isPublic = taskPodClient(settings).apiAddress === 'public';
  if (bundle === undefined || typeof bundle === 'string' || !isPublic) return NOTHING;
  if (settings.scheme !== 'https') return NOTHING;
  const [first, ...others] = surface.taskPods.filter((one) => variableOf(one, ROOTS) === '');
  if (!first) return NOTHING;
  return {
    edits: [],
    problems: [
      {
        code: 'task-pods-without-trust',
        severity: 'warning',
        message: `task pods call ${settings.publicApiAddress} with TLS, and the CA bundle of \`tls.trust\` does not reach them: only the workers get it`,
        resource: first.reference,
        ...(others.length > 0 ? { also: others.map(({ reference }) => reference) } : {}),
        path: 'data',
        found: `no ${ROOTS}`,
        expected: 'the path of a CA bundle in the images of tasks',
        fix: `put the bundle into the images of tasks and its path under \`${ROOTS}\` here, in the base; or set \`spec.taskPods.apiAddress: service\` where all task pods run in this cluster; accept it where their images set the variable`,
      },
    ],
  };
};
