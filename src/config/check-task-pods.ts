/** Checks of `spec.taskPods` beyond its fields. */
import { present, textsAt } from './partial.ts';
import { type ConfigProblem, quote } from './wording.ts';

/** A ConfigMap that the base lacks on purpose cannot be told anything. */
export function checkTaskPods(config: unknown): ConfigProblem[] {
  const absent = textsAt(config, 'spec.absent').find(({ value }) => value === 'task-pods');
  if (!absent || !present(config, 'spec.taskPods')) return [];
  return [
    {
      code: 'config-conflict',
      path: absent.path,
      message: '`spec.taskPods` has no meaning where `spec.absent` lists `task-pods`',
      found: quote(absent.value),
      expected: 'one of the two',
      fix: 'remove `spec.taskPods`, or take `task-pods` out of `spec.absent`',
    },
  ];
}
