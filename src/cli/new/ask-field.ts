/** A question whose answer is the text of one field: asked again, with what is wrong, until the config takes it. */
import { checkConfig } from '../../config/load.ts';
import { printed } from '../../errors.ts';
import type { Json, JsonObject } from '../../yaml/json.ts';
import { CommandError } from '../io.ts';
import { requireOwnHosts } from '../kustomize/copied-environments.ts';
import type { Asker } from '../questions.ts';
import { domainConfig } from './domain-file.ts';
import type { ChosenLayout } from './layouts.ts';
import { type FieldValue, withFields } from './spec-fields.ts';

/** The environment as far as it is known. */
export interface Known {
  environment: string;
  /** Its folder, from the project. */
  overlay: string;
  /** The project's folder. */
  cwd: string;
  /** Undefined where nothing was said of it: that of the base. */
  layout: ChosenLayout | undefined;
  spec: JsonObject;
}

/** Where it is optional, nothing typed leaves the field out. */
export function askField(
  path: string,
  message: string,
  placeholder: string,
  { isOptional = false } = {},
) {
  return async (asker: Asker, known: Known): Promise<FieldValue[]> => {
    const validate = (text: string) =>
      isOptional && text === '' ? undefined : complaint(known, path, text);
    const answer = await asker.text(message, placeholder, validate);
    return answer === '' ? [] : [[path, fieldValue(path, answer)]];
  };
}

/** What a flag or an answer is as a value. A port that is not a number is left to the schema, which says what it wants. */
export function fieldValue(path: string, text: string): Json {
  return path === 'port' && /^\d+$/.test(text) ? Number(text) : text;
}

/** What is wrong with an answer, on one line; undefined where nothing is. */
function complaint(
  { environment, overlay, cwd, spec }: Known,
  path: string,
  answer: string,
): string | undefined {
  if (answer === '') return 'An answer is needed';
  const config = domainConfig(environment, withFields(spec, [[path, fieldValue(path, answer)]]));
  const problem = checkConfig(config).problems.find((found) => found.path === `spec.${path}`);
  if (problem !== undefined)
    return printed(
      `${asSentence(`${problem.message}; expected ${problem.expected}`)}. ${asSentence(problem.fix)}`,
    );
  return path === 'domain' || path.startsWith('hosts.') ? clash(config, overlay, cwd) : undefined;
}

function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is not known yet decides about no host. */
function clash(config: JsonObject, overlay: string, cwd: string): string | undefined {
  const spec = withFields(config['spec'] as JsonObject, [['tls', { mode: 'none' }]]);
  const { settings } = checkConfig({ ...config, spec });
  if (!settings) return undefined;
  return refusal(() => requireOwnHosts(settings, overlay, cwd));
}

/** What a check that throws says, on one line. */
export function refusal(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, fix = '' } = error;
    return printed(fix === '' ? message : `${message}. ${fix[0]?.toUpperCase()}${fix.slice(1)}`);
  }
  return undefined;
}
