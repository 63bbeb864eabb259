/** Problems about roles: missing, played twice, or hidden in a document that does not parse. */
import { type Problem, resourceLabel } from '../errors.ts';
import type { SyntaxProblem } from '../yaml.ts';
import { type Resource, ROLE_LABEL } from './resource.ts';
import { ROLES, type Role } from './roles.ts';

/** How many names a message lists before it only counts. */
const NAMES_SHOWN = 8;

export function missingRole(role: Role, looked: readonly string[]): Problem {
  const kind = ROLES[role].kinds[0];
  const names = looked.slice(0, NAMES_SHOWN);
  const more = looked.length > NAMES_SHOWN ? ` and ${looked.length - NAMES_SHOWN} more` : '';
  return {
    code: 'role-missing',
    severity: 'error',
    message: `no resource plays the role ${role}`,
    found: looked.length === 0 ? `no ${kind} at all` : `none of ${names.join(', ')}${more}`,
    expected: ROLES[role].recognizedBy,
    mend: `add it, or label the ${kind} with ${ROLE_LABEL}: ${role}, or list ${role} in spec.absent where this base has none on purpose`,
  };
}

export function ambiguousRole(role: Role, found: readonly Resource[]): Problem {
  const labels = [...new Set(found.map((resource) => resourceLabel(resource.reference)))];
  return {
    code: 'role-ambiguous',
    severity: 'error',
    message: `more than one resource plays the role ${role}`,
    found: labels.length > 1 ? labels.join(', ') : `two documents in ${labels[0]}`,
    expected: `one: ${ROLES[role].recognizedBy}`,
    mend: `label the right one with ${ROLE_LABEL}: ${role}`,
  };
}

export function brokenDocument(
  role: Role,
  resource: Resource,
  key: string,
  problem: SyntaxProblem,
): Problem {
  const language = key.toLowerCase().endsWith('.json') ? 'JSON' : 'YAML';
  return {
    code: 'document-syntax',
    severity: 'error',
    message: `the document of the role ${role} does not parse`,
    resource: resource.reference,
    path: `data[${key}], line ${problem.line}, column ${problem.column}`,
    found: problem.what,
    expected: language === 'JSON' ? 'strict JSON: no comments, no trailing commas' : 'one YAML document',
    mend: `mend the ${language} at this line of ${key}`,
  };
}
