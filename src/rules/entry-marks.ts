import { NOTHING, type Rule } from './rule.ts';
export const entryMarks: Rule = () => NOTHING;
