/** Calls from inside of pods: through `kubectl exec`, or an ephemeral container where that was allowed. */
import { printable } from '../../errors.ts';
import { getIn, type JsonObject, list, stringAt } from '../../yaml/json.ts';
import { complaint, type Kubectl } from './kubectl.ts';
import { NoAnswer, notTried, type Step } from './line.ts';

/** A pod that runs, by its name of now. */
export interface Pod {
  name: string;
  namespace: string;
}

/** Whether ephemeral containers may be put into pods, which stay there as long as the pod does. */
export interface DebugChoice {
  isAllowed: boolean;
  image: string;
}

/** What curl printed, and what it says of itself where no answer came. */
export interface PodAnswer {
  /** 0 where no HTTP answer came. */
  status: number;
  /** Header lines, where they were asked for. */
  headers: string;
  /** `curl: (7) Failed to connect …`; empty where an answer came. */
  complaint: string;
}

/** Seconds that curl waits: less than the line does, so that it says itself what it waited for. */
const curlSeconds = ({ seconds }: Pick<Step, 'seconds'>) => Math.max(1, Math.floor(seconds - 2));

/** Words of a call; the certificate is not judged, and nothing of the body is kept. */
export function curlIn(url: string, seconds: number, more: readonly string[] = []): string[] {
  return [
    ...['curl', '-sSk', ...more, '-o', '/dev/null', '-w', '%{http_code}'],
    ...['-m', String(seconds), url],
  ];
}

/** One that runs and is not ending; undefined where none does. */
export async function runningPod(
  kubectl: Kubectl,
  namespace: string,
  selector: string,
  step: Step,
): Promise<Pod | undefined> {
  const found = await kubectl.get(podWords(namespace, selector), step);
  const pod = list(getIn(found, ['items'])).find(isRunning);
  return (
    pod && {
      name: stringAt(pod, ['metadata', 'name']),
      namespace: stringAt(pod, ['metadata', 'namespace']),
    }
  );
}

/** What kubectl is asked for the pods behind a selector; in the namespace of its context where none is known. */
export function podWords(namespace: string, selector: string): string[] {
  return ['get', 'pods', ...(namespace ? ['-n', namespace] : []), '-l', selector, '-o', 'json'];
}

function isRunning(pod: JsonObject): boolean {
  return (
    stringAt(pod, ['status', 'phase']) === 'Running' &&
    getIn(pod, ['metadata', 'deletionTimestamp']) === undefined
  );
}

/**
 * Runs curl in a pod; where its image has no curl, in an ephemeral container, if that is allowed. `call` makes curl's words for the seconds that are
 * left. Rejects with a `NoAnswer` where kubectl does not get there.
 */
export async function callFromPod(
  kubectl: Kubectl,
  pod: Pod,
  call: (seconds: number) => string[],
  debug: DebugChoice,
  step: Step,
): Promise<PodAnswer> {
  const words = call(curlSeconds(step));
  const said = await kubectl.run(['exec', '-n', pod.namespace, pod.name, '--', ...words], step);
  if (!hasNoProgram(said.stderr)) return answerOf(said);
  if (!debug.isAllowed)
    throw new NoAnswer(
      notTried(
        'its image has no curl, and --allow-debug-containers was not given, which puts an ephemeral container into the pod',
      ),
    );
  return answerOf(await kubectl.run(debugWords(pod, words, debug), step));
}

/** It stays in the pod's list until the pod ends: Kubernetes takes none away. */
export function debugWords(
  { name, namespace }: Pod,
  words: readonly string[],
  { image }: DebugChoice,
): string[] {
  return ['debug', '-n', namespace, name, '-i', '--quiet', `--image=${image}`, '--', ...words];
}

/** Source: what containerd and CRI-O say of a program that is not in an image. */
function hasNoProgram(stderr: string): boolean {
  return /executable file not found|no such file or directory|exec: "curl"/i.test(stderr);
}

function answerOf({ stdout, stderr }: { stdout: string; stderr: string }): PodAnswer {
  const [, headers = '', code] = /^(.*?)(\d{3})\s*$/s.exec(stdout) ?? [];
  const said = /curl: \(\d+\).*/.exec(`${stderr}\n${stdout}`)?.[0] ?? '';
  // Neither a status nor a word of curl: kubectl did not get there.
  if (code === undefined && said === '') throw new NoAnswer(complaint(stderr));
  return { status: Number(code ?? 0), headers, complaint: printable(said) };
}
