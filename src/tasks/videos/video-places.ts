import { dirname, extname, join } from 'node:path';
import { pathExists } from '../../base/files/path-exists.js';
import { isFolder } from '../../base/files/is-folder.js';
import { createFileNames } from '../../render/file-names.js';
import { checkFolderFor } from '../../render/make-folder.js';
import type { VideoOptions } from './video-options.js';

/** The options that name a file for each video. */
type PlaceOptions = Pick<VideoOptions, 'annotate' | 'contactSheet'>;

/** Gives each of several videos files of its own, where an option names a folder. */
export interface VideoPlaces {
  /** Must be called once for each video, in their order. */
  placesFor(name: string): Promise<Partial<VideoOptions>>;
}

/** How files in folders are treated. */
interface PlacesOptions {
  /** Folders that were searched for inputs: their subfolders are recreated. */
  readonly folders: readonly string[];
  /** Replace files that are there; otherwise they are kept and told. */
  readonly isOverwriting: boolean;
  readonly onNote: (sentence: string) => void;
}

/** Whether an option names a folder: it ends in a slash, or is one. */
export async function namesFolder(path: string): Promise<boolean> {
  return /[\\/]$/.test(path) || (await isFolder(path));
}

/**
 * Check the folders that options name, before the model does any work; each is made with its first file. In a folder a
 * file is whole or not there: a video that is stopped halfway leaves none, and an older file of that name is kept.
 *
 * @throws {UsageError} a folder cannot be made.
 */
export async function openVideoPlaces(
  { annotate, contactSheet }: PlaceOptions,
  { folders, isOverwriting, onNote }: PlacesOptions,
): Promise<VideoPlaces> {
  const open = async (
    folder: string | undefined,
    option: string,
  ): Promise<((name: string, extension: string) => Promise<string | undefined>) | undefined> => {
    if (folder === undefined || !(await namesFolder(folder))) return undefined;
    await checkFolderFor(folder, `${option} ${folder}`);
    const takeName = createFileNames({ folders });
    return async (name, extension) => {
      const path = join(folder, `${takeName(name)}${extension}`);
      if (isOverwriting || !(await pathExists(path))) return path;
      onNote(`${path} was there and kept; --overwrite replaces it.`);
      return undefined;
    };
  };
  const placeCopy = await open(annotate, '--annotate');
  const placeSheet = await open(contactSheet, '--contact-sheet');
  return {
    placesFor: async (name) => {
      if (placeCopy === undefined && placeSheet === undefined) return {};
      const copy = await placeCopy?.(name, copyExtension(name));
      const sheet = await placeSheet?.(name, '.png');
      return {
        ...(placeCopy && { annotate: copy }),
        ...(placeSheet && { contactSheet: sheet }),
        isWholeOrNothing: true,
        foldersToMake: [copy, sheet].flatMap((path) => (path === undefined ? [] : [dirname(path)])),
      };
    },
  };
}

/** A copy is of the video's own kind, if that kind can be written. */
function copyExtension(name: string): string {
  const extension = extname(name).toLowerCase();
  return extension === '.webm' || extension === '.gif' ? extension : '.mp4';
}
