import { drawPreview } from './preview-lines.js';
import { formatEcho } from '../blocks/format-block.js';
import { formatMoment } from '../blocks/format-moment.js';
import { formatObjects } from '../blocks/format-objects.js';
import { formatProgress } from './format-progress.js';
import type { LiveStyle } from './live-style.js';
import { PICTURE_INDENT, pictureSpace } from '../pictures/picture-space.js';
import type { Run } from '../../session/state/session-state.js';
import type { VideoProgress } from '../../session/state/video-state.js';

/** Fewer rows show nothing of a picture. */
const MIN_PICTURE_ROWS = 4;
/** Rows of the moment that may still grow. */
const MAX_MOMENT_ROWS = 3;
/** From this many columns on the objects are shown beside the picture. */
const MIN_COLUMNS_BESIDE = 90;

/** A prompt about a video while it runs: the newest moment, the newest frame with its boxes, how far it is. */
export function formatLiveVideo(run: Run, progress: VideoProgress, style: LiveStyle): string[] {
  const { theme, window, rows, tick } = style;
  const { glyphs } = theme;
  const { isPaused, moment, look, hasMoments } = progress;
  const spinner = theme.accent(isPaused ? glyphs.pause : glyphs.spinner[tick % glyphs.spinner.length]);
  const bar = `  ${spinner} ${formatProgress(progress, { theme, columns: window.columns - 6 })}`;
  if (rows <= 1) return [bar];
  const echo = hasMoments ? [] : formatEcho(run.line, { theme, columns: window.columns }).slice(0, 1);
  const set = moment === undefined ? [] : formatMoment(moment, look, { theme, columns: window.columns });
  const text = [...echo, ...set.slice(0, MAX_MOMENT_ROWS)].slice(0, rows - 1);
  return [...text, ...formatFrame(progress, style, rows - 1 - text.length), bar];
}

function formatFrame(
  { frame, look: { labels } }: VideoProgress,
  { theme, window, preview }: LiveStyle,
  rows: number,
): string[] {
  const space = pictureSpace(window);
  if (frame === undefined || preview === undefined || space === undefined || rows < MIN_PICTURE_ROWS)
    return [];
  const { image, detections, size, ids } = frame;
  const room = { columns: space.columns, rows: Math.min(space.rows, rows) };
  const { lines, columns: taken } = drawPreview(image, { detections, size, labels }, preview, room);
  const columns = window.columns - taken - 6;
  const beside =
    window.columns >= MIN_COLUMNS_BESIDE
      ? formatObjects(detections, { theme, columns, isGrowing: false, labels, ids }).slice(0, lines.length)
      : [];
  const indent = ' '.repeat(PICTURE_INDENT);
  return lines.map((line, row) => `${indent}${line}  ${beside[row] ?? ''}`.trimEnd());
}
