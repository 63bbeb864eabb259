/** Entries, workers, UI and CORS have to say the same hosts, ports and schemes: one file for each of those that follow. */
import { corsAppOrigin } from './agreement/cors.ts';
import { uiUrl } from './agreement/ui.ts';
import { workerAddress } from './agreement/worker.ts';
import type { Check } from './check.ts';

export const AGREEMENT_CHECKS: readonly Check[] = [workerAddress, uiUrl, corsAppOrigin];
