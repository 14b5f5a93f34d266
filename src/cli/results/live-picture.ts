import { randomInt } from 'node:crypto';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { drawResult } from '../../render/drawing/draw-on-canvas.js';
import type { ProtocolChoice } from '../../render/terminal-picture/choose-protocol.js';
import { MAX_IMAGE_ID } from '../../render/terminal-picture/encode-kitty.js';
import {
  chooseMoving,
  fitMoving,
  MovingPicture,
  type MovingSize,
} from '../../render/terminal-picture/moving-picture.js';
import { showSpace } from './show-picture.js';

/** What the terminal shows in one go. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/** The terminal, as far as it is needed. */
type Screen = Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;

/** A frame, ready to be shown. */
export interface PreparedFrame {
  readonly drawn: RgbImage;
  readonly size: MovingSize;
}

/**
 * One picture at the end of the output, which changes from frame to frame: the newest frame of a video with what was
 * found on it. Between two frames the cursor is at the start of the line below it.
 */
export class LivePicture {
  readonly #choice: ProtocolChoice;
  readonly #screen: Screen;
  #shown: { readonly picture: MovingPicture; readonly size: MovingSize } | undefined;

  constructor(choice: ProtocolChoice, screen: Screen) {
    this.#choice = chooseMoving(choice);
    this.#screen = screen;
    screen.on('resize', this.leave);
  }

  /** Draw a frame, to be shown later: what is written in between must not wait for it. */
  async prepare(image: RgbImage, result: TaskResult): Promise<PreparedFrame> {
    const size = fitMoving(image, this.#choice, showSpace(this.#screen));
    const drawn = await drawResult(image, result, this.#choice, size.canvas);
    return { drawn, size };
  }

  /** Show the next frame where the one before is. */
  async show({ drawn, size }: PreparedFrame): Promise<void> {
    if (this.#shown !== undefined && this.#shown.size.rows !== size.rows) this.hide();
    const isFirst = this.#shown === undefined;
    this.#shown ??= {
      size,
      picture: new MovingPicture(this.#choice, size, randomInt(1, MAX_IMAGE_ID)),
    };
    const text = await this.#shown.picture.draw(drawn);
    // The first one scrolls what is above it away.
    const room = isFirst ? '\n'.repeat(size.rows) : '';
    this.#screen.write(`${BEGIN}${room}\u001b[${size.rows}A\r${text}${END}`);
  }

  /** Take it away, to write something else in its place. The next one ends what the terminal shows in one go. */
  hide(): void {
    if (this.#shown === undefined) return;
    const { picture, size } = this.#shown;
    this.#shown = undefined;
    this.#screen.write(`${BEGIN}${picture.remove()}\u001b[${size.rows}A\r\u001b[J`);
  }

  /** Leave it where it is: the next one comes below. In a window of another size it may be anywhere. */
  readonly leave = (): void => {
    this.#shown = undefined;
  };

  end(): void {
    this.#screen.write(END);
    this.#screen.off('resize', this.leave);
    this.leave();
  }
}
