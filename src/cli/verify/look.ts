/** What every group of lines is made from. */
import type { Surface } from '../../surface/surface.ts';
import type { Io } from '../io.ts';
import type { Authorities } from './authorities.ts';
import type { Network } from './commands.ts';
import type { Targets } from './targets.ts';

/** The overlay, what of it can be reached, and the means to reach it. */
export interface Look extends Network {
  surface: Surface;
  targets: Targets;
  authorities: Authorities;
  io: Io;
}
