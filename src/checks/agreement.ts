/** Entries, workers, UI and CORS have to say the same hosts, ports and schemes: one file for each of those that follow. */
import { corsAppOrigin } from './agreement/cors.ts';
import { uiUrl } from './agreement/ui.ts';
import { workerAddress } from './agreement/worker.ts';
import type { Search } from './shared/catalogue.ts';

export const AGREEMENT_CHECKS: readonly Search[] = [workerAddress, uiUrl, corsAppOrigin];
