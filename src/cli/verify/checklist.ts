/** The guide's nine items, answered by what the checks find in the manifests and what was seen live, together. */
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { printed } from '../../errors.ts';
import type { Colors } from '../colors.ts';
import type { Line } from './line.ts';

/** `partly seen`: only in the manifests, or with lines that could not be tried. */
export type LiveState = 'pass' | 'fail' | 'partly seen' | 'not seen';

/** One of the nine. */
export interface LiveItem {
  number: number;
  /** The guide's words. */
  item: string;
  state: LiveState;
  /** What the manifests say. */
  manifests: string;
  /** Each line that answers it, with its status and what came, or why it was not tried. */
  live: readonly Pick<Line, 'tried' | 'status' | 'came'>[];
}

/** A line that could not be tried makes no item green; one that the manifests answer alone is not seen live. */
export function liveChecklist(
  checked: readonly ChecklistLine[],
  lines: readonly Line[],
): LiveItem[] {
  return checked.map(({ number, item, state, because }): LiveItem => {
    const live = lines.filter(({ items }) => items.includes(number));
    const has = (status: Line['status']) => live.some((line) => line.status === status);
    const isSeen = has('ok') || has('warning');
    return {
      number,
      item,
      state: stateOf(state, isSeen, has('failed'), has('not tried')),
      manifests: state === 'cannot be seen here' ? 'they do not show it' : because,
      live: live.map(({ tried, status, came, means }) => ({
        tried,
        status,
        came: status === 'not tried' ? means : came,
      })),
    };
  });
}

function stateOf(
  manifests: ChecklistLine['state'],
  isSeen: boolean,
  isFailed: boolean,
  isLeft: boolean,
): LiveState {
  if (manifests === 'fail' || isFailed) return 'fail';
  if (isSeen) return isLeft ? 'partly seen' : 'pass';
  return manifests === 'pass' ? 'partly seen' : 'not seen';
}

const WIDTH = 'partly seen'.length;

/** The items as people read them, with the lines that answer each below it. */
export function checklistText(items: readonly LiveItem[], colors: Colors): string {
  const paints = {
    pass: colors.green,
    fail: colors.red,
    'partly seen': colors.yellow,
    'not seen': colors.yellow,
  };
  return items
    .map(({ number, item, state, manifests, live }) => {
      const rows = live.map(
        ({ tried, status, came }) =>
          `${' '.repeat(6)}${status.padEnd(9)}  ${printed(`${tried}: ${came}`)}\n`,
      );
      const none =
        live.length === 0
          ? `${' '.repeat(6)}no line looks at it: these manifests name nothing to look at\n`
          : '';
      return `${number}  ${paints[state](state.padEnd(WIDTH))}  ${item}\n${' '.repeat(6)}manifests  ${printed(manifests)}\n${rows.join('')}${none}`;
    })
    .join('');
}
