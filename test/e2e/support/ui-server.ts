/**
 * The UI's place: static files as the UI's container serves them, at any host name. The page stands in `page/`, the
 * config.json is the rendered one.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Listening, listen } from './listen.ts';
import { PROBE, probeDescriptors } from './probe.ts';

export interface UiServer extends Listening {
  /** Method and path of every request so far, as `GET /config.json`. */
  requests: string[];
}

/** Starts the server with the text of config.json. */
export async function startUiServer(configJson: string): Promise<UiServer> {
  const requests: string[] = [];
  const files: Record<string, [type: string, content: string]> = {
    '/': [
      'text/html',
      readFileSync(fileURLToPath(new URL('page/index.html', import.meta.url)), 'utf8'),
    ],
    '/page.js': ['text/javascript', await bundlePage()],
    '/config.json': ['application/json', configJson],
  };
  const server = createServer(({ method, url = '' }, response) => {
    requests.push(`${method} ${url}`);
    const [type, content] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain' });
    response.end(content ?? 'not found\n');
  });
  return { ...(await listen(server)), requests };
}

async function bundlePage(): Promise<string> {
  const [descriptor] = probeDescriptors();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: {
      PROBE_DESCRIPTOR: JSON.stringify(descriptor?.toString('base64')),
      PROBE_SERVICE: JSON.stringify(PROBE),
    },
  });
  return outputFiles[0]?.text ?? '';
}
