import type { Controller } from './controller.ts';
export const CONTROLLERS: Record<string, Controller> = {};
