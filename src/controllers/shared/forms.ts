/** What values look like that a program reads. */

/** What a value has to be. */
export interface Form {
  test: (text: string) => boolean;
  /** Behind `it takes`. */
  takes: string;
}

/** One of some words. */
export const oneOf = (...values: readonly string[]): Form => ({
  test: (text) => values.includes(text),
  takes: values.join(', '),
});

const GO_DURATION = /^-?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$|^0$/;

/** As Go writes it. */
export const DURATION: Form = {
  test: (text) => GO_DURATION.test(text),
  takes: 'a number with h, m, s or ms, as in 3600s',
};

/** Whether a text is one. */
export function isDuration(text: string): boolean {
  return GO_DURATION.test(text);
}
