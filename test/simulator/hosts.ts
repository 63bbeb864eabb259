/** The hosts of Michelangelo in every topology, before the function and after it. */

export const OLD = {
  api: 'api.old.example.com',
  app: 'app.old.example.com',
  ui: 'ui.old.example.com',
} as const;

export const NEW = {
  api: 'api.new.example.org',
  app: 'app.new.example.org',
  ui: 'ui.new.example.org',
} as const;

export type Role = keyof typeof OLD;
