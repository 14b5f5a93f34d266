import { drawFilm, fitFilmFrame } from '../../../render/drawing/film-strip.js';
import { formatClock } from '../../../render/format-time.js';
import type { ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import { pickEvenly } from '../../session/prompts/even-sampler.js';
import { PICTURE_INDENT, pictureSpace, type WindowSize } from './picture-space.js';
import type { ShownStrip, StripFrame } from '../../session/state/video-state.js';

/** More would be too many processes for opening a video. */
const MAX_FRAMES = 6;
/** A frame's width, columns: in fewer nothing on it can be recognised. */
const MIN_COLUMNS = 18;
/** Two are worth more than one, however small the window is. */
const MIN_PAIR_COLUMNS = 12;
const MAX_COLUMNS = 30;
const MAX_ROWS = 8;
/** Columns between frames. */
const GAP = 2;

/** How many frames a strip in this window has at most; 0 when the terminal can draw none, or has no room. */
export function stripLength(choice: ProtocolChoice | undefined, window: WindowSize): number {
  if (choice === undefined || choice.protocol === 'ascii' || pictureSpace(window) === undefined) return 0;
  return fitFrames(window);
}

function fitFrames(window: WindowSize): number {
  const room = stripColumns(window) + GAP;
  const least = room >= 2 * (MIN_PAIR_COLUMNS + GAP) ? 2 : 1;
  return Math.max(least, Math.min(MAX_FRAMES, Math.floor(room / (MIN_COLUMNS + GAP))));
}

/**
 * Frames side by side, evenly chosen, with what was found on them, in the best way that the terminal can.
 *
 * @param decimals of their times.
 * @param labels in the order in which they get their colours.
 * @returns undefined when there is no room, or the terminal can draw none.
 */
export async function drawStrip(
  frames: readonly StripFrame[],
  { decimals, labels }: { readonly decimals: number; readonly labels: readonly string[] },
  choice: ProtocolChoice | undefined,
  window: WindowSize,
): Promise<ShownStrip | undefined> {
  if (choice === undefined || stripLength(choice, window) === 0 || frames.length === 0) return undefined;
  const shown = pickEvenly(frames, fitFrames(window));
  const room = Math.floor((stripColumns(window) + GAP) / shown.length) - GAP;
  const cells = fitFilmFrame(shown[0].size, { columns: Math.min(MAX_COLUMNS, room), rows: MAX_ROWS });
  const picture = await drawFilm(shown, { ...cells, gap: GAP, labels }, choice);
  const step = cells.columns + GAP;
  const times = shown.map(({ timeSeconds }) => formatClock(timeSeconds, decimals).slice(0, step - 1));
  return {
    picture,
    times: times
      .map((time) => time.padEnd(step))
      .join('')
      .trimEnd(),
  };
}

function stripColumns({ columns }: WindowSize): number {
  return columns - 2 * PICTURE_INDENT;
}
