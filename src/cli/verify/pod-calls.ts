/** Lines about calls from inside of pods: one that finds a running pod, and one for each call. */
import type { Kubectl } from './kubectl.ts';
import { type Answer, ok, type Probe } from './line.ts';
import {
  callFromPod,
  curlIn,
  type DebugChoice,
  type Pod,
  type PodAnswer,
  podWords,
  runningPod,
} from './pods.ts';

const GROUP = 'connections';

/** Seconds that curl waits in the commands that people run. */
const SECONDS = 10;

/** Pods of which one is called from. */
interface Caller {
  /** What the line that finds it tries: `a task pod`. */
  tried: string;
  kubectl: Kubectl;
  /** Where one may run; commands show the first. */
  namespaces: readonly string[];
  selector: string;
  /** As commands name it: `deployment/michelangelo-controllermgr`. */
  shown: string;
  /** What has to have been seen before. */
  after: Probe;
  /** What it means that none runs. */
  none: Answer;
}

/** Something to call. */
interface Call {
  tried: string;
  url: string;
  /** More words for curl. */
  more?: readonly string[];
  /** The item of the guide's list. */
  item: number;
  judge: (answer: PodAnswer) => Answer;
}

/** The line that finds the pod, then those of the calls. */
export function linesFrom(
  { tried, kubectl, namespaces, selector, shown, after, none }: Caller,
  calls: readonly Call[],
  debug: DebugChoice,
): Probe[] {
  let pod: Pod | undefined;
  const [first = ''] = namespaces;
  const found: Probe = {
    group: GROUP,
    tried,
    command: kubectl.command(podWords(first, selector).slice(0, -2)),
    after: [after],
    run: async (step) => {
      for (const namespace of namespaces)
        pod ??= await runningPod(kubectl, namespace, selector, step);
      return pod ? ok(`${pod.namespace}/${pod.name}`, 'it runs') : none;
    },
  };
  const inPod = ['exec', ...(first ? ['-n', first] : []), shown, '--'];
  const lines = calls.map(
    ({ tried: called, url, more, item, judge }): Probe => ({
      group: GROUP,
      tried: called,
      command: kubectl.command([...inPod, ...curlIn(url, SECONDS, more)]),
      items: [item],
      after: [found],
      // A pod was found, or this line would not run.
      run: async (step) =>
        judge(
          await callFromPod(
            kubectl,
            pod as Pod,
            (seconds) => curlIn(url, seconds, more),
            debug,
            step,
          ),
        ),
    }),
  );
  return [found, ...lines];
}
