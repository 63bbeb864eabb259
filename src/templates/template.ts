/** Resources that the function may add, as plain JSON to be filled in. */
import type { JsonObject } from '../yaml/json.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { TEMPLATES } from './generated/templates.ts';

export type TemplateName = keyof typeof TEMPLATES;

/** A fresh copy of a template. */
export function template(name: TemplateName): JsonObject {
  return parseYaml(TEMPLATES[name]).json as JsonObject;
}
