import { join, resolve } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';

/** Where installed programs are kept: `$MA_TOOLS_DIR`, which can outlive a clone, or `.cache/tools` in it. */
export const toolsFolder = process.env.MA_TOOLS_DIR
  ? resolve(process.env.MA_TOOLS_DIR)
  : join(packageRoot, '.cache/tools');
