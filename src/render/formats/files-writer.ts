import type { RgbImage } from '../../base/image.js';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import type { TaskResult } from '../../base/task-result.js';

/** Writes a separate file for each result, rather than parts of one document. */
export interface FilesWriter {
  /**
   * @param image the picture, for data sets that include the pictures.
   * @returns the file's path; undefined if the format has nothing to write for this result.
   * @throws {InputError} another picture already uses that file. {UsageError} the location cannot be written to.
   */
  write(result: TaskResult, image?: RgbImage): Promise<string | undefined>;
  /** Whether a picture already has its file from an earlier run. */
  has?(input: string): Promise<boolean>;
  /** The file that explains the others, where the format has one. */
  readonly indexPath?: string;
  /** What the user should know once everything is written, one sentence each. */
  describeNeeds?(): string[];
}

/** Where a format with many files writes them. */
export interface FilesPlace {
  readonly folder: string;
  /** What was searched for: yolo's first classes. */
  readonly things: readonly string[];
  /** The folders searched for pictures; their subfolders are recreated in `folder`. */
  readonly inputFolders: readonly string[];
  /** Split the data set into training and validation pictures; this share, from 0 to 1, is for training. */
  readonly split?: number | undefined;
  /** Of the files, including the dot; the format's own when absent. */
  readonly extension?: string | undefined;
  /** Where pictures of video frames are written. */
  readonly framesFolder?: string | undefined;
  /** Called when an existing file differs and is therefore kept; when absent, the file is replaced. */
  readonly onKept?: KeptFile | undefined;
}
