/** Labels that say a role nobody knows, or that stand where the role cannot be played. */
import { nearest, quote } from '../config/wording.ts';
import { type Problem, withArticle } from '../errors.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { getIn } from '../yaml/json.ts';
import { ROLES, type Role } from './roles.ts';

const PATH = `metadata.labels[${ROLE_LABEL}]`;

interface LabelProblem {
  /** The role that was probably meant: that it is missing is a consequence. */
  role: Role | undefined;
  problem: Problem;
}

/** One for each such label of the stream. */
export function labelProblems(manifests: Manifests): LabelProblem[] {
  return manifests.mentioning([ROLE_LABEL]).flatMap((resource) => {
    const value = getIn(resource.json, ['metadata', 'labels', ROLE_LABEL]);
    if (value === undefined) return [];
    if (typeof value !== 'string' || !isRole(value)) return [unknownRole(resource, value)];
    return kindsOf(value).includes(resource.kind) ? [] : [wrongKind(resource, value)];
  });
}

function isRole(value: string): value is Role {
  return Object.hasOwn(ROLES, value);
}

/** Beside the one that plays it: the label also says which Service leads to Envoy. */
export function kindsOf(role: Role): string[] {
  return [...ROLES[role].kinds, ...(role === 'envoy' ? ['Service'] : [])];
}

function unknownRole(resource: Resource, value: unknown): LabelProblem {
  const roles = Object.keys(ROLES);
  const near = typeof value === 'string' ? nearest(value, roles) : undefined;
  const role = near !== undefined && isRole(near) ? near : undefined;
  return labelProblem(role, resource, value, {
    message: 'a label names a role that does not exist',
    expected: `one of ${roles.join(', ')}`,
    fix: role ? `write ${ROLE_LABEL}: ${role}` : 'write one of these roles, or remove the label',
  });
}

function wrongKind(resource: Resource, role: Role): LabelProblem {
  const kinds = kindsOf(role).join(' or ');
  return labelProblem(role, resource, role, {
    message: `${withArticle(resource.kind)} is labelled with the role ${role}, which it cannot play`,
    expected: `this label on ${withArticle(kinds)}: ${ROLES[role].recognizedBy}`,
    fix: `move the label to the ${kinds}; labels that kustomize sets on everything cannot carry it`,
  });
}

function labelProblem(
  role: Role | undefined,
  { reference }: Resource,
  value: unknown,
  words: Pick<Problem, 'message' | 'expected' | 'fix'>,
): LabelProblem {
  const place = { resource: reference, path: PATH, found: quote(value) };
  return { role, problem: { code: 'role-unknown', severity: 'error', ...place, ...words } };
}
