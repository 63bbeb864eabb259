import type { Resource } from '../manifests/resource.ts';
import { askedNames } from '../surface/asked-names.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, objectAt, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { ENVIRONMENT_LABEL, isProduction, isTest } from './shared/production.ts';

/** Sources: Let's Encrypt, "Staging Environment"; Google Trust Services, "Public CA"; Buypass, "Test environment". */
const STAGING = /acme-staging|test-api\.pki\.goog|api\.test4\.buypass/;

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'Test certificates in production',
  why: 'The staging server of an ACME authority signs with a root that no browser and no client trusts: the page does not open, and workers get `x509: certificate signed by unknown authority`.',
  fix: "use the authority's production server",
  find: (surface) => {
    const asked = askedNames(surface);
    const issuers = new Set(asked.map(({ issuer }) => issuer));
    return [...issuers].flatMap((issuer) => {
      const server = stringAt(issuer.json, ['spec', 'acme', 'server']);
      const owners = asked.filter((one) => one.issuer === issuer).map(({ owner }) => owner);
      const sign = STAGING.test(server) ? productionSign(issuer, owners, surface) : undefined;
      return sign === undefined
        ? []
        : [
            {
              resource: issuer,
              path: 'spec.acme.server',
              message: `certificates come from ${server}, and ${sign}`,
              fix: /letsencrypt/.test(server)
                ? 'write `server: https://acme-v02.api.letsencrypt.org/directory`'
                : undefined,
            },
          ];
    });
  },
};

/** What says that an environment is the one that people use; undefined where nothing does, or something says otherwise. */
function productionSign(
  issuer: Resource,
  owners: readonly Resource[],
  { name, settings, manifests }: Surface,
): string | undefined {
  const overlay = name.split('/').findLast((part) => part !== '') ?? '';
  const namespaces = [...new Set(owners.map(({ namespace }) => namespace))];
  const homes = manifests.ofKind('Namespace').filter((one) => namespaces.includes(one.name));
  const labels = [...owners, ...homes].flatMap((resource) =>
    Object.entries(objectAt(resource.json, ['metadata', 'labels']))
      .filter(([key]) => ENVIRONMENT_LABEL.test(key))
      .map(([key, value]): [string, string] => [
        asText(value),
        `the label ${key} says ${asText(value)}`,
      ]),
  );
  const signs: [string, string][] = [
    ...labels,
    ...namespaces.map((one): [string, string] => [one, `the namespace is ${one}`]),
    [settings?.config.metadata.name ?? '', `the environment is ${settings?.config.metadata.name}`],
    // A file may have any name.
    [/\.ya?ml$/.test(overlay) ? '' : overlay, `the overlay is ${overlay}`],
  ];
  if (signs.some(([text]) => isTest(text))) return undefined;
  // The issuer of an environment that says nothing of itself.
  const own: [string, string] = [issuer.name, `the issuer is ${issuer.name}`];
  return [...signs, own].find(([text]) => isProduction(text))?.[1];
}
