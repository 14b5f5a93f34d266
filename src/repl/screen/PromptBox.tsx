import { useLayoutEffect, type ReactElement } from 'react';
import { frameLines } from './live/frame-lines.js';
import type { FrameOutput } from './terminal/frame-output.js';
import { formatMenu } from './live/format-menu.js';
import { formatStatus } from './live/format-status.js';
import { cutToWidth } from '../input/graphemes.js';
import { shownText, type InputState } from '../input/input-state.js';
import type { WindowSize } from './pictures/picture-space.js';
import { PROMPT_COLUMNS, type FramePlan } from './plan-frame.js';
import { Lines } from './Lines.js';
import type { SessionState } from '../session/state/session-state.js';
import type { TerminalProfile } from './terminal/terminal-profile.js';
import type { Theme } from './terminal/theme.js';

interface PromptBoxProps {
  readonly state: SessionState;
  readonly input: InputState;
  readonly window: WindowSize;
  readonly plan: FramePlan;
  readonly profile: TerminalProfile;
  readonly output: Pick<FrameOutput, 'setCursor' | 'placeholders'>;
}

/** What is shown in an empty line: the first that fits. */
const PLACEHOLDERS = [
  'detect cat ; dog     caption en     or ask a question',
  'detect cat, or ask a question',
  'ask a question',
];

/** The input line with its frame, and under it a menu or the status line. */
export function PromptBox({ state, input, window, plan, profile, output }: PromptBoxProps): ReactElement {
  const { theme, isScreenReader } = profile;
  const { hasFrame, inputColumns, input: layout, menuRows } = plan;
  const text = shownText(input);
  const below = formatBelow(state, input, window, profile, menuRows);
  const rowsBelow = (hasFrame ? 1 : 0) + below.length;
  useLayoutEffect(() => {
    output.setCursor({
      rowsUp: rowsBelow + layout.rows.length - layout.cursorRow,
      column: layout.cursorColumn + 2,
    });
  });
  const rows = text === '' && !isScreenReader ? [formatPlaceholder(inputColumns, theme)] : layout.rows;
  const mark = `${theme.accent(theme.glyphs.prompt)} `;
  const lines = rows.map((row, index) => `${index === 0 ? mark : ' '.repeat(PROMPT_COLUMNS)}${row}`);
  // A screen reader speaks from top to bottom: what is being written comes last.
  if (isScreenReader) return <Lines lines={[...below, ...lines]} placeholders={output.placeholders} />;
  const framed = hasFrame ? frameLines(rows, window.columns, theme) : lines;
  return <Lines lines={[...framed, ...below]} placeholders={output.placeholders} />;
}

/** Where it cannot be dim it stands in parentheses, away from the cursor: it must not look like typed text. */
function formatPlaceholder(columns: number, { isColored, dim }: Theme): string {
  const room = isColored ? columns : columns - 4;
  const text = PLACEHOLDERS.find(({ length }) => length <= room) ?? cutToWidth(PLACEHOLDERS.at(-1)!, room);
  return isColored ? dim(text) : `  (${text})`;
}

/** What stands under the input line: the search, the menu or the status. */
function formatBelow(
  state: SessionState,
  input: InputState,
  window: WindowSize,
  { theme }: TerminalProfile,
  menuRows: number,
): string[] {
  const { search, menu } = input;
  if (search !== undefined) {
    const isMissing = search.place === undefined && search.query !== '';
    const text = `search: ${search.query}${isMissing ? '  (no such line)' : ''}`;
    return [`  ${theme.dim(cutToWidth(text, window.columns - 4))}`];
  }
  if (menu !== undefined && menuRows > 0) return formatMenu(menu, menuRows, window.columns, theme);
  return [formatStatus(state, theme, window.columns)];
}
