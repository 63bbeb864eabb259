/** Every rule, in the order in which they are applied. */
import { envoyCors } from './envoy-cors.ts';
import { envoyUpstream } from './envoy-upstream.ts';
import { ingress } from './ingress.ts';
import { objectStore } from './object-store.ts';
import type { Rule } from './rule.ts';
import { ui } from './ui.ts';
import { worker } from './worker.ts';
import { workflowEngine } from './workflow-engine.ts';

export const RULES: readonly Rule[] = [
  ingress,
  worker,
  ui,
  envoyCors,
  envoyUpstream,
  workflowEngine,
  objectStore,
];
