import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { BROKEN_LINK, projectWith } from '../support/small-overlay.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const config = (name: string, domain: string) => `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: ${name}}
spec: {domain: ${domain}, tls: {mode: secret}}
`;
const cwd = projectWith({
  production: {},
  staging: { config: config('staging', 'staging.example.com') },
  broken: BROKEN_LINK,
  wrong: { config: config('wrong', 'under_score.example.com') },
});
const report = (...words: string[]) => run(['report', ...words, ...withBundled], { cwd });
const first = report('overlays/production');

const page = suite('report');

page('is one page that asks for nothing else', async () => {
  const { status, stdout, stderr } = await first;
  assert.is(status, 0);
  assert.match(stderr, /^note: overlays\/wrong\/domain\.yaml: not compared[^\n]*\n$/);
  assert.match(stdout, /^<!doctype html>\n<html lang="en">/);
  assert.not.match(stdout, /<script|<link|@import|url\(|\bsrc=/);
  assert.match(stdout, "default-src 'none'");
  assert.match(stdout, 'prefers-color-scheme: dark');
  assert.match(stdout, '@media print');
});

page('has map, checklist, findings and every change with its reason', async () => {
  const { stdout } = await first;
  for (const part of [
    '<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img"',
    'TLS ends here',
    'Worker ConfigMap worker.address updated to api.your-domain.com:443',
    'Every change, and why',
    '<wbr>rules[<wbr>0]<wbr>.<wbr>host',
    'DOMAIN_<wbr>NOT_<wbr>SET',
  ])
    assert.match(stdout, part);
  assert.equal(stdout.match(/<li class="(?:pass|fail|unseen)">/g)?.length, 9);
});

page('is the same each time', async () => {
  assert.is((await report('overlays/production')).stdout, (await first).stdout);
});

page('folds more overlays than a screen has room for, and compares them by value', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const many = projectWith(
    Object.fromEntries([
      ...names.map((name) => [name, { config: config(name, `${name}.example.com`) }]),
      ['broken', BROKEN_LINK],
    ]),
  );
  const words = ['report', ...names.map((name) => `overlays/${name}`), 'overlays/broken'];
  const { status, stdout } = await run([...words, ...withBundled], { cwd: many });
  assert.is(status, 0);
  assert.match(stdout, '<h1>Network of 6 overlays</h1>');
  assert.match(stdout, '<details class="overlay"><summary>a</summary>');
  assert.match(stdout, '<details class="overlay" open><summary>broken</summary>');
  assert.match(stdout, 'Every change, by value');
  assert.match(stdout, /<td data-name="Place" rowspan="[56]">/);
});

page('sets several overlays side by side', async () => {
  const { status, stdout } = await report('overlays/production', 'overlays/staging');
  assert.is(status, 0);
  assert.is(stdout.match(/<svg /g)?.length, 2);
  assert.match(stdout, 'Every change, side by side');
  assert.match(stdout, 'data-overlay="staging"');
  const ids = [...stdout.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length);
});

page('shows a broken link in red, and says why', async () => {
  const { status, stdout } = await report('overlays/broken');
  assert.is(status, 0);
  assert.match(stdout, 'sends requests to michelangelo-ui, but there is no such Service');
  assert.match(stdout, '<g class="cut"><path class="link"');
  assert.match(stdout, 'class="node missing"');
});

page('--format mermaid and svg give the map alone', async () => {
  const mermaid = await report('overlays/broken', '--format', 'mermaid');
  assert.match(mermaid.stdout, /^---\ntitle: "Traffic of broken"\n---\nflowchart TB\n/);
  assert.match(mermaid.stdout, 'linkStyle');
  const svg = await report('overlays/production', '--format', 'svg');
  assert.match(svg.stdout, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg.stdout, '<style>');
});

page('--out writes a file, and nothing else', async () => {
  const { status, stdout } = await report('overlays/production', '--out', 'report.html');
  assert.is(status, 0);
  assert.is(stdout, '');
  assert.is(readFileSync(join(cwd, 'report.html'), 'utf8'), (await first).stdout);
  assert.equal(
    readdirSync(cwd).filter((name) => name.startsWith('.')),
    [],
  );
});

page('--out into a folder that is not there is wrong usage', async () => {
  const { status, stderr } = await report('overlays/production', '--out', 'none/report.html');
  assert.is(status, 2);
  assert.match(stderr, 'none/report.html cannot be written: it does not exist (ENOENT)');
});

page('makes nothing where an overlay cannot be built', async () => {
  const words = ['overlays/production', 'overlays/wrong', '--out', 'never.html'];
  const { status, stdout, stderr } = await report(...words);
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, '[config-host]');
  assert.not.ok(readdirSync(cwd).includes('never.html'));
});

page('refuses what it cannot draw', async () => {
  const words = ['overlays/production', 'overlays/staging', '--format', 'svg'];
  assert.is((await report(...words)).status, 2);
  assert.is((await report('overlays/none')).status, 2);
  assert.is((await report()).status, 2);
});

page('its help fits a screen', async () => {
  const { stdout } = await run(['report', '--help'], { cwd });
  assert.match(stdout, 'Example:');
  assert.ok(stdout.split('\n').length <= 24);
});

page.run();
