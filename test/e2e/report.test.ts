/** The report in a real browser: on a wide screen and on a phone, in light, in dark and on paper. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { bundled } from '../support/kustomize.ts';
import { BROKEN_LINK, projectWith } from '../support/small-overlay.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { chromiumTool } from './tools.ts';

const GATEWAY = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: gateway}
spec:
  domain: a-rather-long-name.platform.corp.example.com
  hosts: {aliases: {app: [old-app.example.com]}}
  tls: {mode: ca, trust: preinstalled}
  entry: {gateway: {className: contour}}
`;
const WIDE = 1280;
const PHONE = 390;

interface Span {
  left: number;
  top: number;
  right: number;
  bottom: number;
  text: string;
}

interface Opened {
  page: Page;
  requests: string[];
  troubles: string[];
}

const report = suite('report in a browser');
const folder = temporaryFolder();
const cwd = projectWith({ production: {}, gateway: { config: GATEWAY }, broken: BROKEN_LINK });
let browser: Browser;

report.before(async () => {
  browser = await chromium.launch({
    executablePath: chromiumTool.path,
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  for (const [name, overlays] of Object.entries(PAGES)) {
    const words = ['report', ...overlays.map((overlay) => `overlays/${overlay}`)];
    const file = join(folder, `${name}.html`);
    const kustomize = ['--kustomize', bundled.command];
    const { status, stderr } = await run([...words, '--out', file, ...kustomize], { cwd });
    assert.is(status, 0, stderr);
  }
});

report.after(() => browser.close());

const PAGES = {
  single: ['production'],
  gateway: ['gateway'],
  several: ['production', 'gateway', 'broken'],
  broken: ['broken'],
} as const;

type PageName = keyof typeof PAGES;

async function open(
  name: PageName,
  { width = WIDE, colorScheme = 'light' as 'light' | 'dark' } = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const requests: string[] = [];
  const troubles: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(pathToFileURL(join(folder, `${name}.html`)).href, { waitUntil: 'networkidle' });
  return { page, requests, troubles };
}

/** Boxes of everything that a selector finds, as they are on the screen. */
function spansOf(page: Page, selector: string): Promise<Span[]> {
  return page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { left, top, right, bottom, text: one.textContent };
  })`);
}

function overlap(one: Span, other: Span): boolean {
  const slack = 0.5;
  return (
    one.left < other.right - slack &&
    other.left < one.right - slack &&
    one.top < other.bottom - slack &&
    other.top < one.bottom - slack
  );
}

for (const name of Object.keys(PAGES) as PageName[]) {
  report(`${name}: asks for nothing but itself, without a complaint`, async () => {
    const { page, requests, troubles } = await open(name);
    assert.equal(requests, [page.url()]);
    assert.equal(troubles, []);
    await page.close();
  });

  for (const width of [WIDE, PHONE])
    report(`${name}: nothing is wider than a screen of ${width} pixels`, async () => {
      const { page } = await open(name, { width });
      const openAll = "document.querySelectorAll('details').forEach((one) => { one.open = true; })";
      await page.evaluate(openAll);
      const size = await page.evaluate('document.documentElement.scrollWidth');
      assert.is(size, width);
      const spans = await spansOf(page, 'main > *, header > *, h2, h3, h4, p, li, td, figure');
      assert.equal(
        spans.filter(({ right, text }) => right > width + 0.5 && text).map(({ text }) => text),
        [],
      );
      await page.close();
    });

  report(`${name}: in the drawing no text lies on another, and none leaves its box`, async () => {
    const { page } = await open(name);
    const maps = await page.locator('svg.map').count();
    assert.is(maps, PAGES[name].length);
    for (let index = 0; index < maps; index += 1) {
      await page.evaluate(
        `document.querySelectorAll('svg.map').forEach((one, at) => { one.id = 'map-' + at; })`,
      );
      const texts = await spansOf(page, `#map-${index} text`);
      assert.ok(texts.length > 20);
      for (const [position, one] of texts.entries())
        for (const other of texts.slice(position + 1))
          assert.not.ok(overlap(one, other), `${one.text} lies on ${other.text}`);
      const boxes = await spansOf(page, `#map-${index} .node`);
      for (const [position, one] of boxes.entries())
        for (const other of boxes.slice(position + 1))
          assert.not.ok(overlap(one, other), `${one.text} lies on ${other.text}`);
      // A group is as large as what is in it: text that leaves its box would make it wider than the box.
      const frames = await spansOf(page, `#map-${index} .node .box`);
      for (const [position, { right, bottom }] of frames.entries()) {
        const group = boxes[position] as Span;
        assert.ok(group.right <= right + 1.5 && group.bottom <= bottom + 1.5, group.text);
      }
      for (const label of await spansOf(page, `#map-${index} .label`))
        for (const frame of frames)
          assert.not.ok(overlap(label, frame), `${label.text} lies on a box`);
    }
    await page.close();
  });
}

const colorOf = (page: Page, selector: string, property: string) =>
  page.evaluate<string>(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue('${property}')`,
  );

/** Red, green and blue of `rgb(…)`. */
function channels(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = [...color.matchAll(/[\d.]+/g)].map(Number);
  return [red, green, blue];
}

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(one: string, other: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const colorScheme of ['light', 'dark'] as const) {
  report(`a broken link is red, ${colorScheme}`, async () => {
    const { page } = await open('broken', { colorScheme });
    for (const [selector, property] of [
      ['.map .cut .link', 'stroke'],
      ['.map .cut .label', 'fill'],
      ['.map .missing .box', 'stroke'],
      ['.alarm', 'border-left-color'],
    ] as const) {
      const [red, green, blue] = channels(await colorOf(page, selector, property));
      assert.ok(
        red > 150 && red > green + 80 && red > blue + 80,
        `${selector}: ${red} ${green} ${blue}`,
      );
    }
    const label = await page.locator('.map .cut .label').allTextContents();
    assert.match(label.join(' '), 'there is no such Service');
    await page.close();
  });

  report(`text can be told from its ground, ${colorScheme}`, async () => {
    const { page } = await open('broken', { colorScheme });
    const ground = await colorOf(page, 'body', 'background-color');
    assert.is(channels(ground)[0] > 128, colorScheme === 'light');
    for (const [selector, property, behind, fill] of [
      ['body', 'color', 'body', 'background-color'],
      ['.quiet', 'color', 'body', 'background-color'],
      ['.old', 'color', 'body', 'background-color'],
      ['.new', 'color', 'body', 'background-color'],
      ['.alarm', 'color', '.alarm', 'background-color'],
      ['.unseen .state', 'color', 'body', 'background-color'],
      ['.pass .state', 'color', 'body', 'background-color'],
      ['.map .cut .label', 'fill', 'body', 'background-color'],
      ...['host', 'entry', 'service', 'workload', 'outside', 'missing'].flatMap((kind) =>
        ['title', 'name'].map(
          (line) => [`.map .${kind} .${line}`, 'fill', `.map .${kind} .box`, 'fill'] as const,
        ),
      ),
      ['.map .entry .lock', 'fill', '.map .entry .box', 'fill'],
    ] as const) {
      const ratio = contrast(
        await colorOf(page, selector, property),
        await colorOf(page, behind, fill),
      );
      assert.ok(ratio >= 4.5, `${selector}: ${ratio.toFixed(2)}`);
    }
    await page.close();
  });
}

report('on a phone the map can be scrolled on its own, and read', async () => {
  const { page } = await open('single', { width: PHONE });
  const [name] = await spansOf(page, '.map .name');
  assert.ok(name && name.bottom - name.top >= 11, 'names are large enough');
  const scrolls = await page.evaluate(
    "(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('.drawing'))",
  );
  assert.is(scrolls, true);
  await page.close();
});

report('the map has a name and a description for who cannot see it', async () => {
  const { page } = await open('broken');
  const map = page.getByRole('img', { name: /Traffic of broken/ });
  assert.is(await map.count(), 1);
  assert.match(
    (await map.locator('desc').textContent()) ?? '',
    'Broken: cluster michelangelo-ui sends requests to michelangelo-ui',
  );
  await page.close();
});

report('paper is white in either scheme, and holds the whole page', async () => {
  const { page } = await open('several', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.is(await colorOf(page, 'body', 'background-color'), 'rgb(255, 255, 255)');
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 20_000);
  await page.close();
});

report('the drawing as a file of its own has its colours', async () => {
  const words = ['report', 'overlays/broken', '--format', 'svg', '--kustomize', bundled.command];
  const { stdout } = await run(words, { cwd });
  writeFileSync(join(folder, 'map.svg'), stdout);
  const page = await browser.newPage({ colorScheme: 'dark' });
  await page.goto(pathToFileURL(join(folder, 'map.svg')).href);
  assert.ok(channels(await colorOf(page, '.behind', 'fill'))[0] < 128);
  assert.ok(channels(await colorOf(page, '.cut .link', 'stroke'))[0] > 150);
  await page.close();
});

report.run();
