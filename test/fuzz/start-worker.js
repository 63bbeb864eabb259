// A worker thread does not get the loader that --import gave its parent.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
