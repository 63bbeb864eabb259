/** Folders that kustomize builds in, with a plugin home: each is one build's at a time, and the next one's where that went well. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionCall } from '../../report/call.ts';
import type { CommandError, Io } from '../io.ts';
import { build } from './build.ts';
import type { Builder } from './build-options.ts';
import { type StandIn, startStandIn } from './stand-in.ts';
import { inTemporaryFolder, temporaryParent } from './temporary-folder.ts';

/** What kustomize and the function came to. */
export interface Built {
  /** Undefined where kustomize gave up. */
  manifests: Buffer | undefined;
  stderr: string;
  /** What kustomize cannot say itself. */
  complaint?: CommandError;
  /** Every call of the function, in order: one for each DomainConfig. */
  calls: FunctionCall[];
}

interface BuildFolder {
  folder: string;
  /** The plugin home that kustomize is told: the stand-in's where there is one. */
  home: string;
  /** What runs the function in this process; undefined where the plugin runs as a program of its own. */
  standIn: StandIn | undefined;
}

/** As many folders as builds ever ran at a time. */
export class BuildFolders {
  readonly #parent: string;
  readonly #builder: Builder;
  readonly #io: Io;
  readonly #all: BuildFolder[] = [];
  readonly #free: BuildFolder[] = [];

  constructor(parent: string, builder: Builder, io: Io) {
    this.#parent = parent;
    this.#builder = builder;
    this.#io = io;
  }

  /** Builds an overlay in a folder that is free, or in a new one. */
  async build(overlay: string): Promise<Built> {
    const place = this.#free.pop() ?? (await this.#make());
    const built = await build(this.#builder, overlay, place.folder, place.home, this.#io);
    const calls = place.standIn?.takeCalls() ?? [];
    // What a build that was stopped left in the pipes is not for the next one.
    if (built.manifests) this.#free.push(place);
    return { ...built, calls };
  }

  async #make(): Promise<BuildFolder> {
    const folder = join(this.#parent, String(this.#all.length));
    mkdirSync(folder);
    const place: BuildFolder = { folder, home: this.#builder.pluginHome, standIn: undefined };
    this.#all.push(place);
    if (this.#builder.runsPlugin) return place;
    place.standIn = await startStandIn(folder, this.#builder.pluginHome, this.#io);
    place.home = place.standIn.home;
    return place;
  }

  /** Ends the stand-ins; the folders go with their parent. */
  close(): void {
    for (const { standIn } of this.#all) standIn?.stop();
  }
}

/** Calls `work` with folders that are gone afterwards. */
export function withBuildFolders<T>(
  builder: Builder,
  io: Io,
  work: (folders: BuildFolders) => Promise<T>,
): Promise<T> {
  return inTemporaryFolder(temporaryParent(io), io, async (parent) => {
    const folders = new BuildFolders(parent, builder, io);
    try {
      return await work(folders);
    } finally {
      folders.close();
    }
  });
}
