/**
 * The components with the entries of the other layouts, as `new` uses them: with an Ingress and with a Gateway. What comes out is in
 * test/base/layouts; `UPDATE=1 node --import tsx test/base/layouts.test.ts` writes it anew.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { buildWith, bundled, isInstalled, newest } from '../support/kustomize.ts';
import { assertSameText } from '../support/same-text.ts';
import { projectWith } from '../support/small-overlay.ts';

const layouts = suite('layouts of the base');
const programs = [bundled, ...((await isInstalled(newest)) ? [newest] : [])];

const LAYOUTS = {
  'two-hosts': [],
  'own-hosts': ['--ui-host', 'studio.eu.example.com'],
  'one-host': [],
};

const ENTRIES = {
  ingress: ['--controller', 'ingress-nginx'],
  gateway: ['--gateway-class', 'envoy-gateway'],
};

for (const [layout, hosts] of Object.entries(LAYOUTS))
  for (const [entry, way] of Object.entries(ENTRIES)) {
    const cwd = projectWith({});
    const file = join(packageRoot, `test/base/layouts/${layout}-${entry}.yaml`);
    const given = ['--domain', 'eu.example.com', '--tls-mode', 'secret', '--layout', layout];

    layouts(`${layout}, ${entry}: new makes it, and check finds no error`, async () => {
      const words = ['new', 'eu', ...given, ...hosts, ...way, '--kustomize', bundled.command];
      const { status, stderr } = await run(words, { cwd });
      assert.is(status, 0, stderr);
      assert.match(stderr, 'no error');
    });

    for (const program of programs)
      layouts(`${layout}, ${entry}: entries and the page's config, ${program.name}`, async () => {
        const { status, stdout, stderr } = await buildWith(program, 'overlays/eu', { cwd });
        assert.is(status, 0, stderr);
        const shown = stdout
          .split(/^---\n/m)
          .filter((text) =>
            /^kind: (Ingress|Gateway|HTTPRoute|GRPCRoute)$|^ {2}config\.json:/m.test(text),
          )
          .join('---\n');
        if (process.env.UPDATE && program === bundled) {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, shown);
        }
        assertSameText(shown, existsSync(file) ? readFileSync(file, 'utf8') : '');
        const page = hosts.length > 0 ? 'studio' : 'app';
        assert.match(stdout, `regex: "https://${page}\\\\.eu\\\\.example\\\\.com"`);
      });
  }

layouts.run();
