/** A real browser: the Chromium of Debian, without a window, with a profile of its own. */
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { temporaryFolder } from '../../support/temporary.ts';
import { chromiumTool } from '../tools.ts';
import type { Outcome } from './page/page.ts';

/** Calls that a page's script makes. */
export interface Probe {
  ask(text: string): Promise<Outcome>;
  watch(count: number, pauseMilliseconds: number): Promise<Outcome>;
}

export interface Browser {
  /** A new page with the UI at this address. */
  open(url: string): Promise<Page>;
  /** What pages printed to their consoles, and requests that failed. */
  log(): string;
  close(): Promise<void>;
}

/**
 * Starts Chromium. No name is looked up: `hosts` maps `host:port` to ports of this machine, and every other name leads
 * to `otherwise`. Certificates are not checked, since those of tests sign themselves.
 */
export async function startChromium(
  hosts: Readonly<Record<string, number>>,
  otherwise: number,
): Promise<Browser> {
  const rules = [
    ...Object.entries(hosts).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`),
    `MAP * 127.0.0.1:${otherwise}`,
  ];
  const context = await chromium.launchPersistentContext(temporaryFolder(), {
    executablePath: chromiumTool.path,
    headless: true,
    chromiumSandbox: false,
    ignoreHTTPSErrors: true,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${rules.join(', ')}`,
    ],
  });
  const lines: string[] = [];
  noteTroubles(context, lines);
  return {
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      await page.waitForFunction('globalThis.probe !== undefined');
      return page;
    },
    log: () => lines.join('\n'),
    close: () => context.close(),
  };
}

/** The page's own script, called from here. */
export function probeOf(page: Pick<Page, 'evaluate'>): Probe {
  const call = (name: string, ...values: unknown[]) =>
    page.evaluate<Outcome>(`probe.${name}(${values.map((value) => JSON.stringify(value)).join()})`);
  return {
    ask: (text) => call('ask', text),
    watch: (count, pauseMilliseconds) => call('watch', count, pauseMilliseconds),
  };
}

function noteTroubles(context: BrowserContext, lines: string[]): void {
  context.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  context.on('requestfailed', (request) =>
    lines.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`),
  );
}
