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
import type { OverlayFiles } from './folder.ts';
import { textOf } from './overlay-files.ts';
import type { Plan } from './plan.ts';

/** The plan with that file, where it has none. The new environment waits for a person until it is told otherwise. */
export function withEnvironmentFile(
  plan: Plan,
  environment: string,
  overlay: string,
  cwd: string,
): Plan {
  if (plan.files.has(ENVIRONMENT_FILE)) return plan;
  const schema = join(cwd, ENVIRONMENT_SCHEMA);
  const said: Environment = {
    cluster: plan.compute?.cluster ?? 'in-cluster',
    namespace: plan.namespace,
    stage: stageOf(environment),
    sync: 'manual',
  };
  const content = environmentText(
    said,
    existsSync(schema) ? relativePath(join(cwd, overlay), schema) : undefined,
  );
  return { ...plan, files: new Map([...plan.files, [ENVIRONMENT_FILE, { content, mode: 0o644 }]]) };
}

/** By its name; where that says nothing, the last stage. */
function stageOf(environment: string): string {
  const words = environment.split('-');
  return ['dev', 'staging'].find((stage) => words.includes(stage)) ?? 'production';
}

/**
 * The text of the one that the new environment starts from, with what a person should know of it.
 * @param shown - the overlay that has it
 */
export function renameEnvironment(
  files: OverlayFiles,
  shown: string,
  namespace: string,
): { text: string; note: string } {
  const text = textOf(files, ENVIRONMENT_FILE);
  if (text === undefined)
    throw new UsageError(
      `${ENVIRONMENT_FILE} of ${shown} is a link: the new environment would be synced as that one is`,
      'make it a file, or start from another environment',
    );
  const file = new TextFile(`${shown}/${ENVIRONMENT_FILE}`, text);
  file.set(['namespace'], namespace);
  file.set(['sync'], 'manual');
  const note = `as in ${shown}: cluster and stage in ${ENVIRONMENT_FILE}; \`sync\` is manual until you say auto`;
  return { text: file.text, note };
}
