/** The schema with every description, for pages and editors. */
import schemaText from '../config/generated/domain-config.schema.json' with { type: 'json' };
import type { Schema } from '../config/schema.ts';

export const wholeSchema = schemaText as Schema;
