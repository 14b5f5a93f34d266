import { randomInt } from 'node:crypto';
import type { Size } from '../../../base/geometry.js';
import { drawOnCanvas } from '../../../render/drawing/draw-on-canvas.js';
import type { ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import { MAX_IMAGE_ID } from '../../../render/terminal-picture/encode-kitty.js';
import {
  chooseMoving,
  fitMoving,
  MovingPicture,
  type MovingSize,
} from '../../../render/terminal-picture/moving-picture.js';
import type { Key, KeyName } from '../../input/key.js';
import type { PlayedFrame, PlayerCommand, PlayerScreen } from '../../session/play/player-screen.js';
import type { FrameOutput } from '../terminal/frame-output.js';
import {
  BEGIN,
  ENTER_OTHER_SCREEN,
  ERASE_ALL,
  ERASE_LINE,
  END,
  HIDE_CURSOR,
  HOME,
  LEAVE_OTHER_SCREEN,
  SHOW_CURSOR,
} from '../terminal/terminal-sequences.js';
import type { Theme } from '../terminal/theme.js';
import { formatPlayer, PLAYER_ROWS } from './format-player.js';

/** The terminal, as far as it is needed. */
export interface StageTerminal {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, callback?: () => void): unknown;
}

/**
 * The window as a stage for moving pictures: the terminal's other screen, which leaves nothing behind. It is given back
 * when the program ends, too.
 */
export class PlayerStage implements PlayerScreen {
  onCommand: (command: PlayerCommand) => void = () => undefined;
  readonly #terminal: StageTerminal;
  readonly #output: Pick<FrameOutput, 'suspend' | 'resume'>;
  readonly #theme: Theme;
  #choice: ProtocolChoice | undefined;
  #size: MovingSize | undefined;
  #picture: MovingPicture | undefined;
  #hasResized = false;
  /** The user has left: keys are for the prompt, though the window is still the player's. */
  #isLeaving = false;
  #isAtEnd = false;
  /** Called when the window has been given back. */
  onClose: (hasResized: boolean) => void = () => undefined;

  constructor(terminal: StageTerminal, output: Pick<FrameOutput, 'suspend' | 'resume'>, theme: Theme) {
    this.#terminal = terminal;
    this.#output = output;
    this.#theme = theme;
  }

  get isOpen(): boolean {
    return this.#choice !== undefined;
  }

  open(choice: ProtocolChoice): PlayerScreen {
    this.#output.suspend();
    this.#choice = chooseMoving(choice);
    this.#hasResized = false;
    this.#isLeaving = false;
    this.#isAtEnd = false;
    this.#terminal.write(ENTER_OTHER_SCREEN + HIDE_CURSOR);
    process.on('exit', this.#leave);
    return this;
  }

  measure(video: Size): Size {
    const rows = Math.max(1, (this.#terminal.rows ?? 24) - PLAYER_ROWS);
    const space = { columns: this.#columns, rows };
    this.#size = fitMoving(video, this.#choice!, space);
    this.#terminal.write((this.#picture?.remove() ?? '') + HOME + ERASE_ALL);
    this.#picture = new MovingPicture(this.#choice!, this.#size, randomInt(1, MAX_IMAGE_ID));
    return this.#size.canvas;
  }

  async show(frame: PlayedFrame): Promise<void> {
    const [choice, picture, size] = [this.#choice, this.#picture, this.#size];
    if (choice === undefined || picture === undefined || size === undefined) return;
    this.#isAtEnd = frame.state === 'ended';
    const drawn = await drawOnCanvas(frame.image, frame.objects, choice, frame.labels);
    const left = Math.max(0, Math.floor((this.#columns - size.columns) / 2));
    const text = await picture.draw(drawn, left);
    // Closed in the meantime, by a key or with the program.
    if (this.#picture !== picture) return;
    const below = formatPlayer(frame, this.#theme, this.#columns)
      .map((line) => `${ERASE_LINE}${line}`)
      .join('\r\n');
    const start = left > 0 ? `${HOME}\u001b[${left + 1}G` : HOME;
    const bytes = `${BEGIN}${start}${text}${below}${END}`;
    await new Promise<void>((resolve) => this.#terminal.write(bytes, resolve));
  }

  /** @returns false when the key is for the prompt: the player is left, or left by what is typed. */
  takeKey(key: Key): boolean {
    if (!this.isOpen || this.#isLeaving) return false;
    const command = toCommand(key);
    const isForPrompt = command === undefined && this.#isTyping(key);
    if (command === 'stop' || isForPrompt) this.#isLeaving = true;
    if (isForPrompt) this.onCommand('stop');
    else if (command !== undefined) this.onCommand(command);
    return !isForPrompt;
  }

  /** Whether someone types a line: a command, words at once, or anything at the end of the video. */
  #isTyping(key: Key): boolean {
    if (key.type === 'paste') return true;
    return key.type === 'text' && (this.#isAtEnd || key.text.length > 1 || key.text === '/');
  }

  resize(): void {
    this.#hasResized = true;
    this.onCommand('resize');
  }

  close(): void {
    if (!this.isOpen) return;
    process.off('exit', this.#leave);
    this.#leave();
    this.#output.resume();
    this.onClose(this.#hasResized);
  }

  readonly #leave = (): void => {
    this.#terminal.write(
      (this.#picture?.remove() ?? '') + HOME + ERASE_ALL + LEAVE_OTHER_SCREEN + SHOW_CURSOR,
    );
    this.#choice = undefined;
    this.#picture = undefined;
    this.onCommand = () => undefined;
  };

  get #columns(): number {
    return this.#terminal.columns ?? 80;
  }
}

/** What typed characters mean; those of players and of pagers. */
const characters: Readonly<Record<string, PlayerCommand>> = {
  ' ': 'hold',
  q: 'stop',
  '.': 'forward',
  l: 'forward',
  ',': 'back',
  h: 'back',
  '+': 'faster',
  ']': 'faster',
  '-': 'slower',
  '[': 'slower',
};

/** What keys with names mean. */
const keys: Readonly<Partial<Record<KeyName, PlayerCommand>>> = {
  escape: 'stop',
  enter: 'stop',
  right: 'forward',
  left: 'back',
  up: 'ahead',
  'page-down': 'ahead',
  down: 'behind',
  'page-up': 'behind',
};

function toCommand(key: Key): PlayerCommand | undefined {
  if (key.type === 'text') {
    // A key that repeats may arrive several times at once.
    const [first, ...rest] = key.text;
    return rest.every((character) => character === first) ? characters[first] : undefined;
  }
  if (key.type !== 'key') return undefined;
  if (key.name === 'letter') return key.ctrl && /^[cdz]$/.test(key.letter ?? '') ? 'stop' : undefined;
  if (key.shift && key.name === 'right') return 'ahead';
  if (key.shift && key.name === 'left') return 'behind';
  return keys[key.name];
}
