/** Where the programs that tests need are kept. */
export { toolsFolder } from '../../src/build/paths.ts';
