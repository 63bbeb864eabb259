/** Of the steps at which a test stops something, every fourth and the last six, in which things get their places; with `ALL_STEPS` every one. */
export function someSteps(last: number): number[] {
  const isChosen = (step: number) =>
    Boolean(process.env['ALL_STEPS']) || step % 4 === 1 || step > last - 6;
  return Array.from({ length: last }, (_, index) => index + 1).filter(isChosen);
}
