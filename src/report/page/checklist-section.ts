/** The guide's checklist, each item with what answers it. */
import type { ChecklistLine, ChecklistState } from '../../checks/shared/checklist.ts';
import { html, type Markup } from '../markup.ts';

const STATES: Readonly<Record<ChecklistState, { sign: string; word: string; style: string }>> = {
  pass: { sign: '✓', word: 'pass', style: 'pass' },
  fail: { sign: '✕', word: 'fail', style: 'fail' },
  'cannot be seen here': { sign: '?', word: 'look at it live', style: 'unseen' },
  'control plane': { sign: '–', word: 'control plane', style: 'other' },
};

/** The nine items as a list. */
export function checklistSection(lines: readonly ChecklistLine[]): Markup {
  return html`<ol class="checklist">
${lines.map(item)}</ol>
`;
}

function item({ item: text, state, because }: ChecklistLine): Markup {
  const { sign, word, style } = STATES[state];
  // Codes of findings and commands are code; what was seen is a sentence.
  const isSentence = state === 'pass' || state === 'control plane';
  const reason = isSentence ? html`${because}` : html`<code>${because}</code>`;
  return html`<li class="${style}"><span class="state"><span aria-hidden="true">${sign}</span> ${word}</span> <span class="what"><strong>${text}</strong><br><span class="quiet">${reason}</span></span></li>
`;
}
