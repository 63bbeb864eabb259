/** A small client of the Kubernetes API: server-side apply with strict field validation, as `kubectl apply` does it. */
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import { type Manifest, nameOf } from './manifests.ts';
import { type Answer, send } from './web.ts';

/** Where an API server listens, and how it is spoken to. */
export interface ApiAddress {
  host: string;
  port: number;
  token: string;
  /** What signs for it; it calls itself localhost. */
  certificate: string;
}

/** The API server said no. */
export class Refusal extends Error {
  readonly status: number;
  constructor(what: string, { status, body }: Answer) {
    super(`${what}: ${status} ${messageOf(body)}`);
    this.status = status;
  }
}

/** How a kind is addressed. */
interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

export class KubernetesApi {
  readonly #address: ApiAddress;
  readonly #agent: Agent;
  readonly #known = new Map<string, Resource>();

  constructor(address: ApiAddress) {
    this.#address = address;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 6 });
  }

  /**
   * Creates or changes a resource: a manifest, or the text of one as it came from elsewhere. A dry run goes through
   * everything but the store.
   */
  async apply(
    manifest: Manifest | string,
    options: { dryRun?: boolean; manager?: string } = {},
  ): Promise<void> {
    const [value, text] =
      typeof manifest === 'string'
        ? [parse(manifest) as Manifest, manifest]
        : [manifest, JSON.stringify(manifest)];
    const { manager = 'end-to-end-test' } = options;
    const query = `fieldManager=${manager}&force=true&fieldValidation=Strict`;
    const dryRun = options.dryRun ? '&dryRun=All' : '';
    const path = `${await this.#path(value)}?${query}${dryRun}`;
    const answer = await this.#send('PATCH', path, text);
    if (answer.status >= 300) throw new Refusal(nameOf(value), answer);
  }

  /**
   * Reads a path; throws a Refusal for any status but 200.
   * @param user - somebody else, with no more rights than those
   */
  async read(path: string, user?: string): Promise<string> {
    const answer = await this.#send('GET', path, undefined, user);
    if (answer.status !== 200) throw new Refusal(path, answer);
    return answer.body;
  }

  /** Ends the connections that are kept open. */
  close(): void {
    this.#agent.destroy();
  }

  async #path({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { name, namespaced } = await this.#resource(root, kind);
    const folder = namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root}${folder}/${name}/${encodeURIComponent(metadata.name)}`;
  }

  async #resource(root: string, kind: string): Promise<Resource> {
    if (!this.#known.has(`${root} ${kind}`)) {
      const { resources } = JSON.parse(await this.read(root)) as { resources: Resource[] };
      for (const resource of resources)
        if (!resource.name.includes('/')) this.#known.set(`${root} ${resource.kind}`, resource);
    }
    const resource = this.#known.get(`${root} ${kind}`);
    if (resource === undefined) throw new Error(`the API server has no ${kind} in ${root}`);
    return resource;
  }

  #send(method: string, path: string, body?: string, user?: string): Promise<Answer> {
    const { host, port, token, certificate } = this.#address;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(user !== undefined && { 'impersonate-user': user }),
      ...(body !== undefined && { 'content-type': 'application/apply-patch+yaml' }),
    };
    const options = { host, port, method, path, headers };
    const tls = { agent: this.#agent, ca: certificate, servername: 'localhost' };
    return send(request, { ...options, ...tls }, body);
  }
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.trim();
  }
}
