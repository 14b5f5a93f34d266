import type { RgbImage } from '../../../base/image.js';
import type { StreamEvent } from '../../../base/stream-event.js';
import type { TaskResult } from '../../../base/task-result.js';
import type { FrameFiles } from '../../../render/frame-files.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import type { OutputOptions } from '../../options/output-options.js';
import type { KeptFiles } from '../kept-files.js';

/** How the work ended: `stopped` by the user, `failed` for a reason that nobody wanted. */
export type Ending = 'complete' | 'stopped' | 'failed';

/** Takes results, in input order, as they arrive. */
export interface ResultWriter {
  /**
   * @param answerNumber when each input gets several answers: which of them, from 0.
   * @param image the input's picture, for formats that contain pictures.
   * @throws {InputError} this result cannot be stored with the others, which continue.
   */
  write(result: TaskResult, answerNumber?: number, image?: RgbImage): Promise<void>;
  /** Whether a picture's file is already in the folder. Must be asked in the order of the inputs. */
  has?(input: string): Promise<boolean>;
  /** Report something that happened on the way to a result; for --stream only. */
  tell?(event: StreamEvent): void;
  /**
   * Complete what was written. Must also be called when the work was stopped or failed: a file with a result in it is
   * then kept, after a failure under another name.
   */
  end(ending: Ending): Promise<void>;
}

/** A writer of one file, which can be given up. */
export interface DocumentWriter extends ResultWriter {
  discard(): Promise<void>;
}

/** What the writer is for. */
export interface ResultWriterOptions extends Pick<
  OutputOptions,
  | 'format'
  | 'isStream'
  | 'isOverwriting'
  | 'extension'
  | 'prefix'
  | 'suffix'
  | 'output'
  | 'hasPolygons'
  | 'withFilename'
  | 'split'
> {
  /** The user named one picture, and nothing that could stand for several. */
  readonly isSingle: boolean;
  /** Called before anything is written to stdout. */
  readonly beforeWrite?: (() => void) | undefined;
  /** How pictures are shown above the results. */
  readonly show?: ShowWord;
  /** Folders that were searched for pictures. */
  readonly folders: readonly string[];
  /** What to look for. */
  readonly things: readonly string[];
  /** Pictures of video frames. */
  readonly frames?: FrameFiles | undefined;
  /** Files that are kept; those of pictures may be among them, and are counted in the same note. */
  readonly kept?: KeptFiles;
  /** Called at the end with anything the user should know. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  readonly signal: AbortSignal;
}
