import type { CatalogueRow } from './rows.ts';

export const AGREEMENT_ROWS = {
  'worker-address': {
    severity: 'error',
    title: "The worker's address is not that of the API",
    why: 'Workers, and the task pods that they hand the address to, report to a host that no entry serves, to a Service that is not there, or with the wrong choice of TLS: no result arrives.',
    mend: "set `worker.address` to the API entry's host and port with `useTLS: true`, or to the API Service and its port with `useTLS: false`",
  },
  'ui-url': {
    severity: 'error',
    title: "The UI's apiBaseUrl is not that of the app",
    why: 'The page calls a host that no entry leads to Envoy, or with the wrong scheme or port: every call fails.',
    mend: "set `apiBaseUrl` to the app entry's origin",
  },
  'cors-app-origin': {
    severity: 'error',
    title: "CORS does not let the app's own origin in",
    why: "The browser refuses the answers to the page's own calls with a CORS error.",
    mend: "add the app entry's origin to the allowed origins",
  },
  'placeholder-host': {
    severity: 'error',
    title: 'A host that was never set',
    why: 'A placeholder of the base or of the guide is still there: nothing answers under that name, or somebody else does.',
    mend: 'write the host, or let the function write it: list the DomainConfig in the outermost kustomization',
  },
  'foreign-host': {
    severity: 'error',
    title: 'A host of another environment',
    why: 'A field that carries hosts names one that belongs to an overlay checked together with this one: requests go to the other environment.',
    mend: "write this environment's own host",
  },
} as const satisfies Record<string, CatalogueRow>;
