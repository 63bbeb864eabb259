/** `environment.yaml` of a new environment: with --argocd, or because the overlay that it starts from has one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENVIRONMENT_FILE,
  ENVIRONMENT_SCHEMA,
  type Environment,
  environmentText,
} from '../environment-file.ts';
import { UsageError } from '../io.ts';
import { relativePath } from './base-copy.ts';
import { TextFile } from './edit-text.ts';
import type { EnvironmentNames } from './names.ts';
import { textOf } from './overlay-files.ts';
import type { NewOptions, Plan } from './plan.ts';

/** The plan with that file. The new environment waits for a person until it is told otherwise. */
export function withEnvironmentFile(
  plan: Plan,
  names: Pick<EnvironmentNames, 'environment' | 'target'>,
  { argocd, from }: NewOptions,
  cwd: string,
): Plan {
  if (plan.files.get(ENVIRONMENT_FILE)?.link !== undefined)
    throw new UsageError(
      `${ENVIRONMENT_FILE} of ${from} is a link: the new environment would be synced as that one is`,
      `make it a file, or start from another environment`,
    );
  const copied = textOf(plan.files, ENVIRONMENT_FILE);
  if (copied === undefined && !argocd) return plan;
  const content = copied === undefined ? fresh(plan, names, cwd) : renamed(copied, `${from}`, plan);
  const files = new Map([...plan.files, [ENVIRONMENT_FILE, { content, mode: 0o644 }]]);
  const notes =
    copied === undefined
      ? []
      : [
          `as in ${from}: cluster and stage in ${ENVIRONMENT_FILE}; \`sync\` is manual until you say auto`,
        ];
  return { ...plan, files, notes: [...plan.notes, ...notes] };
}

function fresh(
  { namespace, compute }: Plan,
  { environment, target }: Pick<EnvironmentNames, 'environment' | 'target'>,
  cwd: string,
): string {
  const schema = join(cwd, ENVIRONMENT_SCHEMA);
  const said: Environment = {
    cluster: compute?.cluster ?? 'in-cluster',
    namespace,
    stage: stageOf(environment),
    sync: 'manual',
  };
  return environmentText(said, existsSync(schema) ? relativePath(target, schema) : undefined);
}

/** By its name; where that says nothing, the last stage. */
function stageOf(environment: string): string {
  const words = environment.split('-');
  return ['dev', 'staging'].find((stage) => words.includes(stage)) ?? 'production';
}

function renamed(text: string, shown: string, { namespace }: Plan): string {
  const file = new TextFile(`${shown}/${ENVIRONMENT_FILE}`, text);
  file.set(['namespace'], namespace);
  file.set(['sync'], 'manual');
  return file.text;
}
