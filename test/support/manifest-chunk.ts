/** Manifests that a test has as values, as the chunks that a model is made from. */
import { Chunk } from '../../src/manifests/chunk.ts';
import type { Json } from '../../src/yaml/json.ts';
import { type ParsedYaml, parseYaml } from '../../src/yaml/yaml.ts';

const EMPTY = parseYaml('{}');

/** Its text is JSON, for a quick look; its value is at hand, so that nothing is parsed. */
export class ManifestChunk extends Chunk {
  readonly #json: Json;

  constructor(json: Json) {
    super(Buffer.from(JSON.stringify(json)));
    this.#json = json;
  }

  override get parsed(): ParsedYaml {
    return { ...EMPTY, json: this.#json };
  }
}
