/** `process` in the static executable: the `yaml` package reads its settings for debugging there, and finds none. */
export const env: Record<string, string> = {};
export const emitWarning = (): void => undefined;
