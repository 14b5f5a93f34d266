import { Box, Static } from 'ink';
import { useSyncExternalStore, type ReactElement } from 'react';
import { formatBlock } from './blocks/format-block.js';
import type { FrameOutput } from './terminal/frame-output.js';
import { Lines } from './Lines.js';
import { LiveAnswer } from './LiveAnswer.js';
import { PromptBox } from './PromptBox.js';
import { PICTURE_INDENT } from './pictures/picture-space.js';
import { planFrame } from './plan-frame.js';
import { layoutEditor, type EditorLayout } from '../input/layout-editor.js';
import { shownText } from '../input/input-state.js';
import type { SessionAction } from '../session/state/reduce-session.js';
import type { Placeholders } from './terminal/placeholders.js';
import type { Block, SessionState } from '../session/state/session-state.js';
import type { ShownPicture } from '../session/state/shown-picture.js';
import type { Store } from '../session/state/store.js';
import type { TerminalProfile } from './terminal/terminal-profile.js';
import type { UiAction, UiState } from './ui-state.js';

interface ReplProps {
  readonly session: Store<SessionState, SessionAction>;
  readonly ui: Store<UiState, UiAction>;
  readonly profile: TerminalProfile;
  readonly output: Pick<FrameOutput, 'setCursor' | 'placeholders'>;
}

/** The whole screen: finished blocks scroll away above; below them the growing answer and the input line. */
export function Repl({ session, ui, profile, output }: ReplProps): ReactElement {
  const state = useSyncExternalStore(session.subscribe, session.get);
  const { input, window } = useSyncExternalStore(ui.subscribe, ui.get);
  const { theme, isScreenReader } = profile;
  const text = shownText(input);
  const cursor = input.search === undefined ? input.editor.cursor : text.length;
  const layOut = (columns: number, maxRows: number): EditorLayout =>
    layoutEditor(text, cursor, columns, maxRows);
  const plan = planFrame(window, layOut, input.menu?.items.length ?? 0, isScreenReader);
  const placePicture = (picture: ShownPicture): string[] => placeInText(picture, output.placeholders);
  return (
    <>
      <Static items={state.blocks as Block[]}>
        {(block, index) => (
          <Lines
            key={index}
            lines={formatBlock(block, { theme, columns: window.columns, placePicture })}
            placeholders={output.placeholders}
          />
        )}
      </Static>
      <Box flexDirection="column">
        <LiveAnswer
          state={state}
          profile={profile}
          window={window}
          rows={plan.answerRows}
          placeholders={output.placeholders}
        />
        <PromptBox
          state={state}
          input={input}
          window={window}
          plan={plan}
          profile={profile}
          output={output}
        />
      </Box>
    </>
  );
}

/** Rows for a picture, and for a picture that only the terminal understands a row below, from which it is drawn. */
function placeInText({ text, rows, isText }: ShownPicture, placeholders: Placeholders): string[] {
  const indent = ' '.repeat(PICTURE_INDENT);
  const lines = text.replace(/\n$/, '').split('\n');
  if (isText) return lines.map((line) => indent + line);
  const start = `\u001b[${PICTURE_INDENT}C`;
  const drawn = `\u001b7\r\u001b[${rows}A${start}${lines.join(`\r\n${start}`)}\u001b8`;
  return [...Array.from({ length: rows }, () => ''), placeholders.add(drawn)];
}
