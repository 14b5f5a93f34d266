import { startHistory } from '../input/history.js';
import { startInput, withText, type InputState } from '../input/input-state.js';
import type { Menu } from '../input/menu.js';
import type { WindowSize } from './pictures/picture-space.js';

/** What is shown beside the session: the line being written, and the window. */
export interface UiState {
  readonly input: InputState;
  readonly window: WindowSize;
}

export type UiAction =
  | { readonly type: 'input'; readonly input: InputState }
  | { readonly type: 'window'; readonly window: WindowSize }
  /** What could stand at the cursor of this text; ignored when the text has changed since. */
  | { readonly type: 'menu'; readonly menu: Menu | undefined; readonly text: string; readonly cursor: number }
  | { readonly type: 'clear-line' }
  /** The lines entered before are gone. */
  | { readonly type: 'forget' };

export function startUi(lines: readonly string[], window: WindowSize): UiState {
  return { input: startInput(lines), window };
}

export function reduceUi(state: UiState, action: UiAction): UiState {
  switch (action.type) {
    case 'input':
      return { ...state, input: action.input };
    case 'window':
      return { ...state, window: action.window };
    case 'menu': {
      const { editor, search, history } = state.input;
      if (editor.text !== action.text || editor.cursor !== action.cursor || search !== undefined)
        return state;
      return { ...state, input: { editor, history, menu: action.menu } };
    }
    case 'clear-line':
      return { ...state, input: withText(state.input, '') };
    case 'forget':
      return { ...state, input: { ...state.input, history: startHistory([]) } };
  }
}
