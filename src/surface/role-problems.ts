/** Problems about roles: missing, played twice, or hidden in a document that does not parse. */
import type { PublicRole } from '../config/public-hosts.ts';
import { type Problem, resourceLabel, someOf, withArticle } from '../errors.ts';
import { type BrokenDocument, sameObject } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { equalJson } from '../yaml/json.ts';
import { CARRIAGE_RETURN, type SyntaxProblem } from '../yaml/yaml.ts';
import type { PartElsewhere } from './elsewhere.ts';
import { entryNotRead } from './faults/entry-not-read.ts';
import { HOST_ANNOTATION, type OtherEntry } from './other-entries.ts';
import type { ServiceCandidates } from './parts.ts';
import { ROLES, type Role } from './roles.ts';

/** Kubernetes reads such a text; it cannot be edited here. */
const LINE_ENDS = 'save it with LF or CRLF as line ends';

/** A resource that has to be read and cannot be. */
export function unreadable({ index, kind = 'resource', name, ...place }: BrokenDocument): Problem {
  return {
    code: 'input-syntax',
    severity: 'error',
    message: `${withArticle(kind)} that the function has to read is not well-formed YAML`,
    ...(name ? { resource: { apiVersion: '', kind, name } } : {}),
    path: `document ${index} of the input, line ${place.line}, column ${place.column} of it`,
    found: place.what,
    expected: 'YAML as Kubernetes reads it',
    fix: place.what === CARRIAGE_RETURN ? LINE_ENDS : 'fix the YAML at this place',
  };
}

/** How many names a message lists before it only counts. */
export const NAMES_SHOWN = 8;

/**
 * @param open - a Service of type LoadBalancer that the entry would lead to
 * @param asking - the field that needs the role, where the base may do without it otherwise
 */
export function missingRole(
  role: Role,
  looked: readonly string[],
  open?: Resource,
  asking?: string,
): Problem {
  const kind = ROLES[role].kinds[0];
  const otherwise = asking
    ? `remove ${asking}`
    : `list ${role} in spec.absent where this base has none on purpose`;
  const found =
    looked.length === 0 ? `no ${kind} at all` : `none of ${someOf(looked, NAMES_SHOWN)}`;
  const isOpen =
    open && `; Service ${open.name} is of type LoadBalancer, and nothing says its host`;
  const named = open && `, or name the host in the Service's annotation ${HOST_ANNOTATION}`;
  return {
    code: 'role-missing',
    severity: 'error',
    message: `no resource found for role ${role}`,
    found: `${found}${isOpen ?? ''}`,
    expected: ROLES[role].recognizedBy,
    fix: `add it, or label the ${kind} with ${ROLE_LABEL}: ${role}${named ?? ''}, or ${otherwise}`,
  };
}

/** A part that is there, in a place or a form that the function does not write. */
export function partElsewhere(role: Role, part: PartElsewhere): Problem {
  const { resource, path, what, isFollowed, isOutside } = part;
  return {
    code: isFollowed ? 'part-elsewhere' : 'role-missing',
    severity: isFollowed ? 'warning' : 'error',
    message: `the role ${role} seems to be played where the function does not write${isFollowed ? ': only old hosts there are followed' : ''}`,
    resource: resource.reference,
    path,
    found: what,
    expected: ROLES[role].recognizedBy,
    fix: isOutside ? keptOutside(role) : moved(isFollowed),
  };
}

function moved(isFollowed: boolean): string {
  return isFollowed
    ? 'move it to such a ConfigMap, or keep everything but the host in step with the config by hand'
    : 'move it to such a ConfigMap; where it is, no host in it can follow the config';
}

function keptOutside(role: Role): string {
  return `list ${role} in spec.absent, and let the server send the new hosts, CORS origins and addresses: nothing of them stands in these manifests`;
}

/** Envoy's config is there, in a form that no Envoy reads any more. */
export function envoyIsOfVersion2(resource: Resource, key: string): Problem {
  return {
    code: 'target-shape',
    severity: 'error',
    message:
      "Envoy's config is written in version 2 of its API, which Envoy reads no longer since 1.18",
    resource: resource.reference,
    path: `data[${key}]`,
    found: '`config` in place of `typed_config`, in a filter named envoy.http_connection_manager',
    expected: 'version 3 of the API',
    fix: 'give each filter a `typed_config` with its `@type`, and each cluster a `load_assignment` in place of `hosts`',
  };
}

/** An entry of a kind that no rule writes. */
export function entryOfAnotherKind(other: OtherEntry): Problem {
  const { resource, message, fix } = entryNotRead(other);
  return {
    code: 'entry-not-read',
    severity: 'warning',
    message,
    resource: resource.reference,
    fix: `${fix}; of several hosts the one that worker or page name is followed`,
  };
}

/** A label names a ConfigMap that holds nothing that could play the role. */
export function labelledInVain(role: Role, resource: Resource): Problem {
  return {
    code: 'target-missing',
    severity: 'error',
    message: `the resource that is labelled with the role ${role} cannot play it`,
    resource: resource.reference,
    expected: ROLES[role].recognizedBy,
    fix: `put what the role needs there, or take the label ${ROLE_LABEL} away`,
  };
}

/** What speaks for Services that may be the API server's. */
const REASONS: Readonly<Record<NonNullable<ServiceCandidates['why']>, string>> = {
  label: 'each has the label',
  port: "each has the API server's name or port",
  pods: "the pods of each listen on the API server's port",
  name: "each has the API server's name in its own",
};

/** @param why - what speaks for each of them, where that is known */
export function ambiguousRole(
  role: Role,
  found: readonly Resource[],
  why?: ServiceCandidates['why'],
): Problem {
  const [first, ...others] = found;
  if (first && others.every(({ reference }) => sameObject(reference, first.reference)))
    return twice(role, first, others);
  const names = namesOf(found);
  return {
    code: 'role-ambiguous',
    severity: 'error',
    message: `more than one resource plays the role ${role}`,
    found: why ? `${names}: ${REASONS[why]}` : names,
    expected: `one: ${ROLES[role].recognizedBy}`,
    fix: `label the right one with ${ROLE_LABEL}: ${role}`,
  };
}

/** @param hosts - of which any may be the main one */
export function ambiguousHosts(
  role: PublicRole,
  found: readonly Resource[],
  hosts: readonly string[],
): Problem {
  const name = `${role}-entry`;
  const client = role === 'api' ? '`worker.address`' : '`apiBaseUrl`';
  return {
    code: 'role-ambiguous',
    severity: 'error',
    message: `several Ingresses play the role ${name}, with different hosts, and nothing says which is the main one`,
    found: `${namesOf(found)}: ${hosts.map((host) => `\`${host}\``).join(', ')}`,
    expected: `one host in all of them, or one that ${client} names`,
    fix: `label the Ingress of the main host with ${ROLE_LABEL}: ${name}`,
  };
}

/** Each name once: the input may have a resource twice. */
function namesOf(found: readonly Resource[]): string {
  const labels = found.map(({ reference }) => resourceLabel(reference));
  return [...new Set(labels)]
    .map((label) => {
      const count = labels.filter((other) => other === label).length;
      return count > 1 ? `${label} (${count} times)` : label;
    })
    .join(', ');
}

/** A file that was given twice, for instance, or two environments in one stream. */
function twice(role: Role, resource: Resource, others: readonly Resource[]): Problem {
  const isEqual = others.every(({ json }) => equalJson(json, resource.json));
  return {
    code: 'role-ambiguous',
    severity: 'error',
    message: `the same resource stands more than once in the input, and plays the role ${role}`,
    resource: resource.reference,
    found: isEqual ? undefined : `${others.length + 1} of this name, which differ`,
    expected: 'each resource once',
    fix: isEqual
      ? 'give each file once: look for a path, or an entry of resources, that is listed twice'
      : 'keep one of them; two environments need a call and a config each',
  };
}

/** Two documents in one ConfigMap, between which a label cannot choose. */
export function ambiguousDocuments(
  role: Role,
  resource: Resource,
  documents: readonly { key: string }[],
): Problem {
  return {
    code: 'role-ambiguous',
    severity: 'error',
    message: `more than one document plays the role ${role}`,
    resource: resource.reference,
    path: 'data',
    found: documents.map(({ key }) => key).join(', '),
    expected: 'one document for the role',
    fix: 'keep the one that is mounted; move the others to a ConfigMap of their own and label this one, or remove them',
  };
}

/** @param what - whose document it is: `the role worker` */
export function brokenDocument(
  what: string,
  resource: Resource,
  key: string,
  problem: SyntaxProblem,
): Problem {
  const language = key.toLowerCase().endsWith('.json') ? 'JSON' : 'YAML';
  return {
    code: 'document-syntax',
    severity: 'error',
    message: `the document of ${what} does not parse`,
    resource: resource.reference,
    path: `data[${key}], line ${problem.line}, column ${problem.column}`,
    found: problem.what,
    expected:
      language === 'JSON' ? 'strict JSON: no comments, no trailing commas' : 'one YAML document',
    fix:
      problem.what === CARRIAGE_RETURN ? LINE_ENDS : `fix the ${language} at this line of ${key}`,
  };
}
