/**
 * Jobs and CronJobs that the API server refuses, or that start nothing.
 *
 * Sources: Kubernetes, `pkg/apis/batch/validation` (restart policy, `TZ` in a schedule, length of a name), "CronJob" (a deadline of less than
 * ten seconds); robfig/cron v3, `ParseStandard`.
 */
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText, getIn, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Of one Job or CronJob. */
export function refusedJobs(resource: Resource): Fault[] {
  if (resource.kind !== 'Job' && resource.kind !== 'CronJob') return [];
  return [...restarts(resource), ...(resource.kind === 'CronJob' ? times(resource) : [])];
}

function restarts(resource: Resource): Fault[] {
  const { restartPolicy } = podSpecOf(resource);
  if (restartPolicy === 'OnFailure' || restartPolicy === 'Never') return [];
  const found = restartPolicy === undefined ? 'absent, which means Always' : asText(restartPolicy);
  return [
    {
      resource,
      path: toPath([...podTemplatePath(resource), 'spec', 'restartPolicy']),
      message: `restartPolicy is ${found}, and pods of a ${resource.kind} have to have OnFailure or Never`,
      fix: 'write `restartPolicy: OnFailure`, or `Never`',
    },
  ];
}

/** The controller looks every ten seconds. */
const LEAST_DEADLINE = 10;
/** Eleven more are put behind it for each Job. */
const LONGEST_NAME = 52;

function times(resource: Resource): Fault[] {
  const schedule = stringAt(resource.json, ['spec', 'schedule']);
  const deadline = getIn(resource.json, ['spec', 'startingDeadlineSeconds']);
  const place = { resource, path: 'spec.schedule' };
  const faults: Fault[] = [];
  const wrong = scheduleFault(schedule.replace(/^(?:CRON_)?TZ=\S+\s+/, ''));
  if (/^(?:CRON_)?TZ=/.test(schedule))
    faults.push({
      ...place,
      message: `the schedule ${schedule} has a time zone in it: Kubernetes refuses it`,
      fix: 'write the zone in `timeZone`',
    });
  else if (wrong !== undefined && !/[${}<>]/.test(schedule))
    faults.push({
      ...place,
      message: `the schedule ${schedule || "''"} is none: ${wrong}`,
      fix: 'write minute, hour, day of the month, month and day of the week',
    });
  if (typeof deadline === 'number' && deadline < LEAST_DEADLINE)
    faults.push({
      resource,
      path: 'spec.startingDeadlineSeconds',
      severity: 'warning',
      message: `startingDeadlineSeconds is ${deadline}, and the controller looks every ${LEAST_DEADLINE} seconds: it may start nothing, ever`,
      fix: `write ${LEAST_DEADLINE} or more`,
    });
  if (resource.name.length > LONGEST_NAME)
    faults.push({
      resource,
      path: 'metadata.name',
      message: `the name of a CronJob has ${LONGEST_NAME} characters at most, and ${resource.name} has ${resource.name.length}`,
      fix: 'write a shorter one',
    });
  return faults;
}

interface Field {
  name: string;
  least: number;
  most: number;
  words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  {
    name: 'month',
    least: 1,
    most: 12,
    words: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    name: 'day of the week',
    least: 0,
    most: 6,
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
];

const DESCRIPTORS = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/;

/** Why a schedule cannot be read; undefined where it can. */
function scheduleFault(schedule: string): string | undefined {
  if (schedule.startsWith('@'))
    return DESCRIPTORS.test(schedule) ? undefined : `there is no ${schedule}`;
  const parts = schedule.trim().split(/\s+/).filter(Boolean);
  if (parts.length !== FIELDS.length) return `it has ${parts.length} fields, and five are needed`;
  for (const [index, field] of FIELDS.entries()) {
    const items = (parts[index] ?? '').split(',');
    const wrong = items.find((item) => !isOf(item, field));
    if (wrong !== undefined)
      return `${wrong} is no ${field.name}, which is ${field.least} to ${field.most}`;
  }
  return undefined;
}

/** One item of a list: a star, a number or a range, with a step or without. */
function isOf(item: string, { least, most, words = [] }: Field): boolean {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*' || range === '?') return true;
  const [first = Number.NaN, last = first, ...more] = range.split('-').map((text) => {
    const word = words.indexOf(text.toLowerCase());
    return word >= 0 && text !== '' ? word : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  });
  return more.length === 0 && first >= least && last <= most && first <= last;
}
