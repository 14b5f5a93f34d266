import type { RgbImage } from '../../base/image.js';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import type { TaskResult } from '../../base/task-result.js';

/** Writes a file for each result, rather than pieces of one document. */
export interface FilesWriter {
  /**
   * @param image the picture, for a data set that holds the pictures too.
   * @returns the file's path; undefined for a result that the format has nothing to say of.
   * @throws {InputError} the file would be that of another picture, too. {UsageError} the place cannot be written to.
   */
  write(result: TaskResult, image?: RgbImage): Promise<string | undefined>;
  /** Whether a picture has its file already, from an earlier run. */
  has?(input: string): Promise<boolean>;
  /** The file that explains the others, where the format has one. */
  readonly indexPath?: string;
  /** What the user should know once all is written; a sentence each. */
  describeNeeds?(): string[];
}

/** Where a format of many files writes. */
export interface FilesPlace {
  readonly folder: string;
  /** What was looked for: yolo's first classes. */
  readonly things: readonly string[];
  /** Folders that pictures were looked for in; those below them are made again in `folder`. */
  readonly inputFolders: readonly string[];
  /** Divide a data set into pictures to train with, this share from 0 to 1, and to validate with. */
  readonly split?: number | undefined;
  /** Where pictures of a video's frames are written. */
  readonly framesFolder?: string | undefined;
  /** A file that is there and differs is kept, and this called; absent where it is replaced. */
  readonly onKept?: KeptFile | undefined;
}
