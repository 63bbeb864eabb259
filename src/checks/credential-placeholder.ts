/**
 * Credentials that were never set. No content is shown, neither of a Secret nor of a variable.
 *
 * Sources: AWS, "Understand and get your AWS credentials" (its example keys); MinIO, "MINIO_ROOT_USER" (`minioadmin`).
 */
import { placedContainers, podReferencesOf } from '../manifests/pod-references.ts';
import type { Resource } from '../manifests/resource.ts';
import { isTemplated } from '../net/addresses.ts';
import { programsOf } from '../surface/configs.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { contentOf } from '../surface/provided-files.ts';
import { isProvidedIn, providersOf } from '../surface/providers.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, leavesOf, list, objectAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { signOfProduction } from './shared/production.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A credential that was never set',
  why: 'A placeholder is no key: the object store and the database refuse every request. The first password of a program is known to everybody.',
  fix: 'bring the credential in a Secret from outside of these manifests, or as a sealed one',
  find: (surface) => {
    const sign = signOfProduction(surface);
    const found = [...inVariables(surface), ...inConfigs(surface), ...inSecrets(surface)];
    return found.flatMap((one) => faultOf(one, sign) ?? []);
  },
};

interface Credential {
  name: string;
  value: string;
  /** What it is called in a Secret, a config or an environment. */
  key: string;
  /** Something may fill it in before it is read. */
  isOpen: boolean;
  at: (fault: Fault) => Fault;
}

const NAMES = /(?:secret|password|passwd|token|access_?key|credential|api_?key)/i;
const NO_NAMES = /(?:file|path|url|name|tag)$/i;

const PLACEHOLDER =
  /^(?:change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|it)|to[-_ ]?be[-_ ]?(?:set|filled|replaced)|(?:your|my|insert)[-_ ].*|<.+>|todo|tbd|fixme|x{3,}|placeholder|AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI\/K7MDENG\/bPxRfiCYEXAMPLEKEY)$/i;
const FIRST = /^(?:minioadmin|dummy|minio123|minio|admin|password|changeit)$/i;

function faultOf(
  { name, key, value, isOpen, at }: Credential,
  sign: string | undefined,
): Fault | undefined {
  const text = value.trim();
  if (isTemplated(text)) return undefined;
  if (PLACEHOLDER.test(text))
    return at({
      severity: isOpen ? 'warning' : undefined,
      message: `the value of ${name} is a placeholder${isOpen ? ', which is right only where something writes the Secret anew after the apply' : ''}`,
    });
  if (sign === undefined || !FIRST.test(text) || !isCredential(key)) return undefined;
  return at({
    severity: 'warning',
    message: `the value of ${name} is one that programs have before anybody sets their own, and ${sign} says production`,
  });
}

function isCredential(name: string): boolean {
  return NAMES.test(name) && !NO_NAMES.test(name);
}

function inVariables(surface: Surface): Credential[] {
  return programsOf(surface).flatMap((resource) =>
    placedContainers(resource).flatMap(({ json, path }) =>
      list(json['env']).flatMap(({ name, value }, index): Credential[] => {
        if (typeof value !== 'string' || !isCredential(asText(name))) return [];
        const place = toPath([...path, 'env', index, 'value']);
        const at = (fault: Fault) => ({ ...fault, resource, path: place });
        return [{ name: asText(name), key: asText(name), value, isOpen: false, at }];
      }),
    ),
  );
}

function inConfigs({ clients }: Surface): Credential[] {
  return clients.flatMap((target) =>
    leavesOf(jsonOf(target))
      .filter(({ path }) => isCredential(String(path.at(-1))))
      .map(({ path, value }) => ({
        name: path.join('.'),
        key: String(path.at(-1)),
        value,
        isOpen: false,
        at: (fault: Fault) => inDocument(target, path, fault),
      })),
  );
}

/** Of Secrets that our pods, or task pods, read. */
function inSecrets(surface: Surface): Credential[] {
  const found = new Set(
    programsOf(surface).flatMap((workload) =>
      podReferencesOf(workload)
        .filter(({ kind }) => kind === 'Secret')
        .flatMap(({ name }) => secretsOf(name, workload, surface)),
    ),
  );
  for (const resource of surface.manifests.namesakes('Secret', TASK_PODS_SECRET))
    found.add(resource);
  return [...found].flatMap((resource) =>
    ['data', 'stringData'].flatMap((field) =>
      Object.keys(objectAt(resource.json, [field])).map((key) => ({
        name: `${key} in Secret ${resource.name}`,
        key,
        value: contentOf(resource, key)?.toString('utf8') ?? '',
        isOpen: true,
        at: (fault: Fault) => ({ ...fault, resource, path: toPath([field, key]) }),
      })),
    ),
  );
}

/** Its name is fixed in Michelangelo's code. */
const TASK_PODS_SECRET = 'aws-credentials';

function secretsOf(name: string, workload: Resource, surface: Surface): Resource[] {
  return providersOf('Secret', surface)
    .filter((one) => one.name === name && isProvidedIn(one, workload.namespace))
    .flatMap(({ by }) => (by.kind === 'Secret' ? by : []));
}
