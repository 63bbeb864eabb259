/**
 * A bootstrap as Envoy can look at it on this machine: the files that it names are written into a folder, from the ConfigMaps and
 * Secrets of the stream, with something in place of what is made elsewhere, and the bootstrap names them there. Programs in it are left
 * out: Envoy runs them, a Lua script with all that a program may do, when it looks at a config (tried with 1.40).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { posix } from 'node:path';
import { withUnderscores } from '../../envoy/proto-json.ts';
import type { Bootstrap } from '../../surface/envoy-bootstraps.ts';
import { hasSwitch, optionOf } from '../../surface/envoy-program.ts';
import {
  contentOf,
  type ProvidedFile,
  providedFile,
  type Reader,
} from '../../surface/provided-files.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type Json, type JsonObject, list, stringAt } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { canBeLeftOut, type FileUse, useOf, variablesIn } from './file-fields.ts';
import { makePair, type Pair } from './placeholder-pair.ts';
import { LostPart, programIn } from './programs.ts';
import { wholeBootstrap } from './whole-bootstrap.ts';

/** One bootstrap with all that Envoy needs to look at it; nothing is on the disk yet. */
export interface Staged {
  /** Name of the bootstrap's file. */
  name: string;
  text: string;
  /** Content of further files, by their path in the container; undefined for a folder. */
  files: ReadonlyMap<string, Buffer | undefined>;
  /** Options of Envoy besides. */
  words: readonly string[];
  variables: Readonly<Record<string, string>>;
  /** Files that the pods will not have either. */
  missing: readonly string[];
  /** Files, and programs, that Envoy is asked without. */
  leftOut: readonly string[];
  /** Texts of Secrets: nothing of them may be printed. */
  secrets: readonly string[];
}

/** Options of the pods' own command line that decide what Envoy accepts. */
const OPTIONS = ['--service-node', '--service-cluster', '--service-zone'];
const SWITCHES = ['--allow-unknown-static-fields', '--reject-unknown-dynamic-fields'];

/** Words of programs, and escapes by which a word may be spelled. */
const MAY_RUN = /lua|wasm|golang|dynamic_?modules?|\\[xuU]/i;

/** For a bootstrap whose pods are not in the stream. */
const NODE = ['--service-node', 'placeholder', '--service-cluster', 'placeholder'];

let pair: Pair | undefined;

/**
 * Undefined where nothing of it can be judged without a file that is not here, or a program.
 * @param folder - where its files will lie: below it each has the path that it has in the container
 */
export function stage(bootstrap: Bootstrap, surface: Surface, folder: string): Staged | undefined {
  pair ??= makePair();
  try {
    return new Staging(bootstrap, surface, folder, pair).result();
  } catch (error) {
    if (error instanceof LostPart) return undefined;
    throw error;
  }
}

class Staging {
  readonly #bootstrap: Bootstrap;
  readonly #surface: Surface;
  readonly #folder: string;
  readonly #pair: Pair;
  readonly #files = new Map<string, Buffer | undefined>();
  readonly #missing = new Set<string>();
  readonly #leftOut = new Set<string>();
  readonly #secrets: string[] = [];
  /** Files in whose place something else has to stand, because the other half of their pair is not here. */
  readonly #halves = new Set<string>();
  #isChanged = false;

  constructor(bootstrap: Bootstrap, surface: Surface, folder: string, own: Pair) {
    this.#bootstrap = bootstrap;
    this.#surface = surface;
    this.#folder = folder;
    this.#pair = own;
  }

  result(): Staged {
    const { target, reader } = this.#bootstrap;
    const document = target.resource.document(target.key);
    const json = wholeBootstrap(target);
    this.#isChanged = json !== document?.json;
    const moved = this.#moved(json, []);
    const text = document?.text ?? '';
    // As it was written, wherever that can be: Envoy reads YAML in its own way. So a program could hide from us.
    const isAsWritten = !this.#isChanged && !MAY_RUN.test(text);
    return {
      name: isAsWritten && document?.language === 'yaml' ? 'envoy.yaml' : 'envoy.json',
      text: isAsWritten ? text : JSON.stringify(moved),
      files: this.#files,
      words: reader ? this.#words(reader) : NODE,
      variables: this.#variables(json),
      missing: [...this.#missing],
      leftOut: [...this.#leftOut],
      secrets: this.#secrets,
    };
  }

  /** The same config with the files of this machine. */
  #moved(value: Json, parents: readonly string[]): Json {
    if (Array.isArray(value))
      return value.flatMap((item) => this.#unlessLost(parents, () => this.#moved(item, parents)));
    if (!isObject(value)) return value;
    const program = programIn(value);
    if (program !== undefined) {
      this.#leftOut.add(program.what);
      this.#isChanged = true;
      if (!program.without) throw new LostPart(program.what);
      return program.without;
    }
    this.#findHalves(value);
    const made: JsonObject = {};
    for (const [key, inner] of Object.entries(value)) {
      const within = [...parents, withUnderscores(key)];
      const use = typeof inner === 'string' ? useOf(value, key, parents) : undefined;
      const next = this.#unlessLost(within, () =>
        use === undefined || typeof inner !== 'string'
          ? this.#moved(inner, within)
          : this.#placed(inner, use),
      );
      for (const one of next) made[key] = one;
    }
    return made;
  }

  /** Nothing where a part that may be left out needs a file that is not here. */
  #unlessLost(within: readonly string[], work: () => Json): Json[] {
    try {
      return [work()];
    } catch (error) {
      if (!(error instanceof LostPart) || !canBeLeftOut(within)) throw error;
      this.#leftOut.add(error.what);
      this.#isChanged = true;
      return [];
    }
  }

  /** Where a file lies on this machine. It is written there unless nothing will be there in the pods either. */
  #placed(file: string, use: FileUse): string {
    const path = posix.resolve('/', file);
    if (use === 'log' && path.startsWith('/dev/')) return file;
    this.#isChanged = true;
    const place = this.#folder + path;
    if (this.#files.has(path)) return place;
    if (use === 'folder') this.#files.set(path, undefined);
    else if (use === 'log') this.#files.set(posix.dirname(path), undefined);
    else {
      const found = this.#look(path);
      if (found.state === 'missing') this.#missing.add(path);
      else this.#files.set(path, this.#contentFor(path, use, found));
    }
    return place;
  }

  #contentFor(path: string, use: FileUse, found: ProvidedFile): Buffer {
    const own = use === 'code' ? undefined : this.#ownContent(path, use, found);
    if (own) return own;
    if (use === 'data' || use === 'code') throw new LostPart(path);
    const { certificate, key, keySet } = this.#pair;
    if (use === 'certificate' || use === 'trust') return Buffer.from(certificate);
    if (use === 'key') return Buffer.from(key);
    this.#leftOut.add(path);
    return Buffer.from(
      use === 'key set' ? keySet : use === 'discovery' ? '{"resources":[]}' : '\n',
    );
  }

  /** What the stream has; a Secret may be encrypted in it, or be filled in later. */
  #ownContent(path: string, use: FileUse, found: ProvidedFile): Buffer | undefined {
    if (found.state !== 'here' || this.#halves.has(path)) return undefined;
    const content = contentOf(found.resource, found.key);
    const isSecret = found.resource.kind === 'Secret';
    if (content === undefined || (isSecret && !isMeant(content, use))) return undefined;
    if (isSecret) this.#secrets.push(content.toString('utf8'));
    if (use !== 'discovery') return content;
    const { json } = parseYaml(content.toString('utf8'));
    return json === undefined ? content : Buffer.from(JSON.stringify(this.#moved(json, [])));
  }

  /** Certificate and key have to belong together: both are the stream's own, or neither is. */
  #findHalves(owner: JsonObject): void {
    const files = (['certificate', 'key'] as const).flatMap((use) => {
      const name = use === 'key' ? 'private_key' : 'certificate_chain';
      const key = Object.keys(owner).find((one) => withUnderscores(one) === name);
      const file = key === undefined ? '' : stringAt(owner, [key, 'filename']);
      return file === '' ? [] : [{ use, path: posix.resolve('/', file) }];
    });
    const isWhole =
      files.length === 2 &&
      files.every(({ path, use }) => this.#ownContent(path, use, this.#look(path)) !== undefined);
    if (!isWhole) for (const { path } of files) this.#halves.add(path);
  }

  #look(path: string): ProvidedFile {
    const { target, reader } = this.#bootstrap;
    if (reader) return providedFile(path, reader, this.#surface);
    const key = posix.basename(path);
    return contentOf(target.resource, key) === undefined
      ? { state: 'elsewhere' }
      : { state: 'here', resource: target.resource, key };
  }

  /** What the pods' own command line says of the config. */
  #words({ container }: Reader): string[] {
    const options = OPTIONS.flatMap((name) => {
      const value = optionOf(container, [name]);
      return value === undefined ? [] : [name, value];
    });
    const more = optionOf(container, ['--config-yaml']);
    const json = more === undefined ? undefined : parseYaml(more).json;
    const merged =
      json === undefined ? [] : ['--config-yaml', JSON.stringify(this.#moved(json, []))];
    return [...options, ...merged, ...SWITCHES.filter((name) => hasSwitch(container, name))];
  }

  /** What the container gives Envoy, as far as it is written there. */
  #variables(json: Json): Record<string, string> {
    const given = list(this.#bootstrap.reader?.container['env']);
    const filledIn = (name: string, parent: string) => {
      const value = given.find((variable) => variable['name'] === name)?.['value'];
      if (typeof value === 'string') return value;
      if (parent === 'private_key') return this.#pair.key;
      return parent === 'certificate_chain' || parent === 'trusted_ca'
        ? this.#pair.certificate
        : 'placeholder';
    };
    return Object.fromEntries(
      variablesIn(json).map(({ name, parent }) => [name, filledIn(name, parent)]),
    );
  }
}

function isMeant(content: Buffer, use: FileUse): boolean {
  try {
    if (use === 'certificate' || use === 'trust') new X509Certificate(content);
    if (use === 'key') createPrivateKey(content);
    return content.length > 0;
  } catch {
    return false;
  }
}
