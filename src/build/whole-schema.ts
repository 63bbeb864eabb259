/** The schema with every description, for pages and editors. */
import schemaText from '../config/generated/domain-config.schema.json' with { type: 'json' };
import type { Schema } from '../config/schema.ts';
import { supportedSchema } from './supported-schema.ts';

/** The whole schema, without the fields that this version refuses. */
export const wholeSchema = supportedSchema(schemaText as Schema);
