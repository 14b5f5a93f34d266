import type { TaskResult } from '../../base/task-result.js';

/** Writes a file for each result, rather than pieces of one document. */
export interface FilesWriter {
  /**
   * @returns the file's path; undefined for a result that the format has nothing to say of.
   * @throws {UsageError} the place cannot be written to.
   */
  write(result: TaskResult): Promise<string | undefined>;
  /** The file that explains the others, where the format has one. */
  readonly indexPath?: string;
}

/** Where a format of many files writes. */
export interface FilesPlace {
  readonly folder: string;
  /** What was looked for: yolo's first classes. */
  readonly things: readonly string[];
  /** Folders that pictures were looked for in; those below them are made again in `folder`. */
  readonly inputFolders: readonly string[];
}
