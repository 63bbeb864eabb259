/** What `new` offers is what the function takes: every controller in every mode. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { notCarried } from '../../../src/cli/new/carried.ts';
import { domainConfig } from '../../../src/cli/new/domain-file.ts';
import { TLS_MODES } from '../../../src/config/check-tls.ts';
import { CONTROLLERS, type ControllerName } from '../../../src/controllers/index.ts';
import type { JsonObject } from '../../../src/yaml/json.ts';
import { applyToStream } from '../../support/function.ts';
import { buildWith, bundled } from '../../support/kustomize.ts';

const base = Buffer.from((await buildWith(bundled, 'base')).stdout);

/** What goes with a mode, so that nothing but the controller can be refused. */
const TLS: Record<string, JsonObject> = {
  acme: { acme: { email: 'a@example.com' } },
  ca: { trust: 'preinstalled' },
  issuer: { issuer: { name: 'own' } },
};

const carried = suite('what a controller carries');

for (const name of Object.keys(CONTROLLERS) as ControllerName[])
  carried(`${name}: refused where the function refuses it`, () => {
    const refused = [];
    for (const mode of TLS_MODES)
      for (const terminateAt of ['entry', 'envoy']) {
        if (terminateAt === 'envoy' && (mode === 'external' || mode === 'none')) continue;
        const spec: JsonObject = {
          domain: 'eu.example.com',
          tls: { mode, ...TLS[mode], ...(terminateAt === 'envoy' && { terminateAt }) },
          entry: { ingress: { controller: name } },
        };
        const { status, stderr } = applyToStream(
          Buffer.from(stringify(domainConfig('eu', spec))),
          base,
        );
        const why = notCarried(name, spec);
        assert.is(status === 0, why === undefined, `${mode}, ${terminateAt}: ${why}\n${stderr}`);
        if (why !== undefined) refused.push(`${mode} at ${terminateAt}`);
      }
    if (name === 'cilium') assert.equal(refused.slice(0, 2), ['acme at entry', 'acme at envoy']);
  });

carried.run();
