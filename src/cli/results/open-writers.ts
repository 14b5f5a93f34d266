import type { ResultsSheet } from '../../tasks/answers/results-sheet.js';
import { checkFolder } from '../../tasks/videos/folder-of-file.js';
import { namesFolder } from '../../tasks/videos/video-places.js';
import type { FrameFiles } from '../../render/frame-files.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { PictureOptions } from '../options/picture-options.js';
import type { VideoCall } from '../options/video-options.js';
import type { KeptFiles } from './kept-files.js';
import type { LivePicture } from './live-picture.js';
import type { PictureWriter } from './write-pictures.js';

/** Where this run writes pictures, or videos that may count as such. */
export function pictureFolders(options: PictureOptions, { options: video }: VideoCall): string[] {
  const { overlay, masks, cutout, framesTo, split, output } = options;
  const places = [overlay, masks, cutout, framesTo, video.annotate, video.contactSheet];
  const withSplit = split === undefined ? places : [...places, output];
  return withSplit.filter((place) => place !== undefined);
}

/** On a terminal: one picture for all frames of a video. */
export async function openLivePicture({
  show,
  showsEvery,
}: PictureOptions): Promise<LivePicture | undefined> {
  if (show === 'off' || showsEvery || process.stdout.isTTY !== true) return undefined;
  const { chooseShown } = await import('./show-picture.js');
  const { LivePicture } = await import('./live-picture.js');
  const choice = await chooseShown(show);
  return choice && new LivePicture(choice, process.stdout);
}

/** The folder for pictures of frames, where one is named. */
export async function openFrameFiles(
  folder: string | undefined,
  { onKept }: KeptFiles,
): Promise<FrameFiles | undefined> {
  if (folder === undefined) return undefined;
  const { createFrameFiles } = await import('../../render/frame-files.js');
  return createFrameFiles(folder, onKept);
}

/** What saves overlays, masks and cutouts; does nothing where none are wanted. */
export async function openPictureWriter(
  options: PictureOptions,
  { isSingle, known, folders }: Inputs,
  { options: { jointFrames } }: VideoCall,
  { onKept }: KeptFiles,
): Promise<PictureWriter> {
  const { overlay, labels, redact, masks, cutout } = options;
  if ([overlay, masks, cutout].every((path) => path === undefined)) return { write: async () => undefined };
  const { createPictureWriter } = await import('./write-pictures.js');
  const input = isSingle && jointFrames === undefined ? known[0] : undefined;
  return createPictureWriter({ overlay, labels, redact, masks, cutout, isSingle, input, folders, onKept });
}

/** The sheet of pictures, if a file was named: folders get one for each video. */
export async function openSheet(
  { contactSheet, sheetPage: page }: PictureOptions,
  { folders, isSingle }: Inputs,
): Promise<ResultsSheet | undefined> {
  if (contactSheet === undefined || (await namesFolder(contactSheet))) return undefined;
  const { ResultsSheet } = await import('../../tasks/answers/results-sheet.js');
  await checkFolder(contactSheet);
  return new ResultsSheet(contactSheet, { page, folders, hasSeveral: !isSingle });
}
