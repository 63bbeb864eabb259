import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { listOverlays } from '../../src/cli/overlays.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { temporaryFolder } from '../support/temporary.ts';

const kustomize = ['--kustomize', rememberingKustomize()];
const CONFIG = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.example.com
  tls: {mode: secret}
  checks:
    ignore:
`;
const ACCEPTED = `${CONFIG}      - {code: entry-stream-limit, reason: set where the controller is installed}\n`;
/** What only the function could find, and does not. */
const UNUSED = `${ACCEPTED}      - {code: value-replaced, reason: nobody minds}\n`;
const WARNS = CONFIG.slice(0, CONFIG.indexOf('  checks'));
const TIMEOUT =
  '  entry: {ingress: {annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: "900"}}}\n';

async function verdict(words: readonly string[], cwd: string) {
  const { status, stdout } = await run(['check', ...words, '--format', 'json', ...kustomize], {
    cwd,
  });
  const { inputs, ...counts } = JSON.parse(stdout);
  const [{ findings, accepted }] = inputs;
  const shown = ({ code, severity, message, resource, path, reason }: Record<string, unknown>) =>
    JSON.stringify({ code, severity, message, resource, path, reason });
  return {
    status,
    counts,
    findings: findings.map(shown).sort(),
    accepted: accepted.map(shown).sort(),
  };
}

/** Checks an overlay and what is rendered of it. */
async function requireSame(overlay: string, rendered: string, cwd: string) {
  const strict = await verdict([overlay, '--strict'], cwd);
  assert.equal(await verdict([rendered, '--strict'], cwd), strict, overlay);
  const ofOverlay = await verdict([overlay], cwd);
  assert.equal(await verdict([rendered], cwd), ofOverlay, overlay);
  return ofOverlay;
}

const test = suite('check of what is rendered');

test('says of every shipped overlay what it says of its folder', async () => {
  const cwd = packageRoot;
  const out = join(temporaryFolder(), 'rendered');
  const { status, stderr } = await run(['render', '--all', '--out', out, ...kustomize], { cwd });
  assert.equal([status, stderr], [0, '']);
  const accepted = [];
  for (const overlay of listOverlays(cwd)) {
    const ofOverlay = await verdict([overlay], cwd);
    const folder = join(out, overlay.replace('overlays/', ''));
    assert.equal(await verdict([folder], cwd), ofOverlay, overlay);
    accepted.push(...ofOverlay.accepted);
  }
  assert.ok(accepted.length > 0);
});

for (const [name, config, code] of [
  ['accepted findings', ACCEPTED, 'entry-stream-limit'],
  ['a warning of the function', WARNS, 'entry-stream-limit'],
  ['an acceptance that nothing needs', UNUSED, 'ignore-unused'],
  ['a finding that follows from the config', `${WARNS}${TIMEOUT}`, 'entry-timeouts'],
] as const)
  test(`keeps ${name}`, async () => {
    const cwd = projectWith({ production: { config } });
    const words = ['render', 'overlays/production', '--out', 'out', ...kustomize];
    assert.is((await run(words, { cwd })).status, 0);
    const same = await requireSame('overlays/production', 'out/production', cwd);
    assert.match([...same.findings, ...same.accepted].join(), `"code":"${code}"`);
    assert.is(same.counts.accepted, config.includes('ignore') ? 1 : 0);
    // Copied to where something else deploys it.
    cpSync(join(cwd, 'out/production'), join(cwd, 'deployed'), { recursive: true });
    assert.equal((await verdict(['deployed'], cwd)).counts, same.counts);
  });

test('refuses a folder that lost what is accepted, or whose record is not ours', async () => {
  const cwd = projectWith({ production: {} });
  const words = ['render', 'overlays/production', '--out', 'out', ...kustomize];
  assert.is((await run(words, { cwd })).status, 0);
  const record = join(cwd, 'out/production/.ma-overlays');
  assert.ok(existsSync(record));
  writeFileSync(record, '{"said": []}\n');
  const damaged = await run(['check', 'out'], { cwd });
  assert.is(damaged.status, 2);
  assert.match(damaged.stderr, /\.ma-overlays is not as this version of `render --out` leaves it/);
  rmSync(record);
  const missing = await run(['check', 'out'], { cwd });
  assert.is(missing.status, 2);
  assert.match(missing.stderr, /\.ma-overlays is missing/);
});

test.run();
