/** An environment's two public host names behind one entry controller, asked as clients outside ask them. */
import * as assert from 'uvu/assert';
import { connectNative, type NativeClient } from '../support/grpc-client.ts';
import type { Keep } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { type Answer, fetchFrom, negotiate } from './web.ts';

/** Where the entry listens. */
export interface Listeners {
  address: string;
  https: number;
  http: number;
}

/** Longer than the 15 s after which Contour ends a call that has no other limit. */
const SILENCE = 17_000;

export class PublicEntry {
  readonly api: string;
  readonly app: string;
  readonly #listeners: Listeners;
  readonly #trusted: ReadonlyMap<string, string>;
  readonly #client: NativeClient;

  /** `trusted` has the certificate of each host. */
  constructor(
    keep: Keep,
    domain: string,
    listeners: Listeners,
    trusted: ReadonlyMap<string, string>,
  ) {
    this.api = `api.${domain}`;
    this.app = `app.${domain}`;
    this.#listeners = listeners;
    this.#trusted = trusted;
    this.#client = keep(
      connectNative({
        host: listeners.address,
        port: listeners.https,
        tls: { trusted: this.#certificate(this.api), serverName: this.api },
      }),
    );
  }

  /** Waits until both hosts are served, whatever their backends say. */
  async arrival(timeout: number): Promise<void> {
    await until(`https://${this.api} and https://${this.app}`, () => this.#isServed(), timeout);
  }

  /** A native gRPC call. */
  ask(text: string): Promise<string> {
    return this.#client.ask(text);
  }

  /** A native gRPC stream of two numbers, silent between them for longer than entries usually allow. */
  async silentStream(): Promise<number[]> {
    const numbers = [];
    const request = { count: 2, pauseMilliseconds: SILENCE };
    for await (const number of this.#client.watch(request)) numbers.push(number);
    return numbers;
  }

  page(path: string): Promise<Answer> {
    return fetchFrom(this.#secure(this.app), path);
  }

  /** Over http without TLS. */
  plain(host: string, path: string): Promise<Answer> {
    const { address, http } = this.#listeners;
    return fetchFrom({ address, port: http, host }, path);
  }

  /** What ALPN settles on where a client offers HTTP/2 alone; the certificate has to be the host's. */
  negotiate(host: string): Promise<string> {
    return negotiate(this.#secure(host));
  }

  /** Both hosts redirect to https, on the public port, and keep the path. */
  async assertRedirects(): Promise<void> {
    for (const host of [this.api, this.app]) {
      const { status, headers } = await this.plain(host, '/some/page?of=it');
      assert.is(status, 301, host);
      assert.is(new URL(String(headers.location)).href, `https://${host}/some/page?of=it`);
    }
  }

  /** Envoy says 404 where it has no route yet. The gRPC server does not, so what is there says anything else. */
  async #isServed(): Promise<true> {
    const { address, http } = this.#listeners;
    for (const host of [this.api, this.app])
      for (const entry of [this.#secure(host), { address, port: http, host }]) {
        const { status } = await fetchFrom(entry);
        if (status === 404) throw new Error(`${host} on port ${entry.port}: 404`);
      }
    return true;
  }

  #secure(host: string) {
    const { address, https } = this.#listeners;
    return { address, port: https, host, trusted: this.#certificate(host) };
  }

  #certificate(host: string): string {
    const certificate = this.#trusted.get(host);
    if (certificate === undefined) throw new Error(`no entry has a certificate for ${host}`);
    return certificate;
  }
}
