/** Keys with names of their own. */
export type KeyName =
  | 'enter'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'letter';

/** What a terminal sent. */
export type Key =
  /** Typed characters; several when they came at once. */
  | { readonly type: 'text'; readonly text: string }
  /** Pasted (or dropped) text, line ends made `\n`. */
  | { readonly type: 'paste'; readonly text: string }
  | {
      readonly type: 'key';
      readonly name: KeyName;
      /** For `letter`: lower case; with ctrl or alt only. */
      readonly letter?: string;
      readonly ctrl: boolean;
      readonly alt: boolean;
      readonly shift: boolean;
    };

/** Keys that were held meanwhile. */
export type HeldKeys = { readonly ctrl?: boolean; readonly alt?: boolean; readonly shift?: boolean };

/** A key with a name of its own. */
export function makeKey(name: KeyName, { ctrl = false, alt = false, shift = false }: HeldKeys = {}): Key {
  return { type: 'key', name, ctrl, alt, shift };
}

/** A letter that was pressed with Ctrl or Alt. */
export function makeLetter(letter: string, { ctrl = false, alt = false, shift = false }: HeldKeys): Key {
  return { type: 'key', name: 'letter', letter, ctrl, alt, shift };
}
