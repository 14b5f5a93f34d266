import { clean, setText } from '../blocks/block-style.js';
import { drawPreview } from './preview-lines.js';
import { formatEcho } from '../blocks/format-block.js';
import { formatLiveVideo } from './format-live-video.js';
import { formatObjects } from '../blocks/format-objects.js';
import { formatRate } from './format-status.js';
import { formatVideo } from '../blocks/format-video.js';
import { textWidth } from '../../input/graphemes.js';
import type { LiveStyle } from './live-style.js';
import { PICTURE_INDENT, pictureSpace } from '../pictures/picture-space.js';
import type { OpenPicture, Run, VideoBlock } from '../../session/state/session-state.js';
import type { Theme } from '../terminal/theme.js';

/** From this many columns on the picture is shown beside the list. */
const MIN_COLUMNS_BESIDE = 90;

/** The answer that is being written, in at most this many rows: its newest part. */
export function formatLive(run: Run, picture: OpenPicture | undefined, style: LiveStyle): string[] {
  const { theme, window, rows } = style;
  if (rows <= 0) return [];
  const spinner = formatSpinner(run, style);
  if (run.video !== undefined) return formatLiveVideo(run, run.video, style);
  if (rows === 1) return [spinner];
  const echo = run.line === '' ? [] : formatEcho(run.line, { theme, columns: window.columns }).slice(0, 1);
  const bodyRows = rows - echo.length - 1;
  const body = run.opening ? formatOpening(run.opening, style) : formatGrowing(run, picture, style, bodyRows);
  return [...echo, ...body.slice(0, bodyRows), spinner];
}

function formatOpening(block: VideoBlock, { theme, window }: LiveStyle): string[] {
  return formatVideo(block, { theme, columns: window.columns, placePicture: () => [] });
}

function formatGrowing(run: Run, picture: OpenPicture | undefined, style: LiveStyle, rows: number): string[] {
  const { progress } = run;
  if (progress === undefined || rows <= 0) return [];
  const { theme, window } = style;
  if (!run.isObjectTask && progress.objects.length === 0) {
    const text = clean(progress.text);
    return text === '' ? [] : setText(text, window).slice(-rows);
  }
  const space = pictureSpace(window);
  const { objects } = progress;
  if (style.preview === undefined || space === undefined || picture === undefined) {
    return formatList(objects, theme, window.columns - 2, rows).map((line) => `  ${line}`);
  }
  const isBeside = window.columns >= MIN_COLUMNS_BESIDE;
  // Stacked, the list has a third of the rows at least.
  const pictureRows = Math.min(space.rows, isBeside ? rows : Math.floor((rows * 2) / 3));
  if (pictureRows < 4) return formatList(objects, theme, window.columns - 2, rows).map((line) => `  ${line}`);
  const { thumbnail, image } = picture;
  const findings = { detections: objects, size: image };
  const room = { columns: space.columns, rows: pictureRows };
  const { lines: preview, columns } = drawPreview(thumbnail, findings, style.preview, room);
  const indent = ' '.repeat(PICTURE_INDENT);
  if (!isBeside) {
    const list = formatList(objects, theme, window.columns - 2, rows - preview.length);
    return [...preview.map((line) => indent + line), ...list.map((line) => `  ${line}`)];
  }
  const list = formatList(objects, theme, window.columns - columns - 6, rows);
  const height = Math.max(preview.length, list.length);
  return Array.from({ length: height }, (_, row) => {
    const left = preview[row] ?? ' '.repeat(columns);
    return `${indent}${left}  ${list[row] ?? ''}`;
  });
}

function formatList(
  objects: NonNullable<Run['progress']>['objects'],
  theme: Theme,
  columns: number,
  rows: number,
): string[] {
  if (rows <= 0) return [];
  const lines = formatObjects(objects, { theme, columns, isGrowing: true });
  if (lines.length <= rows) return lines;
  const hidden = lines.length - rows + 1;
  return [theme.dim(`... ${hidden} more above`), ...lines.slice(-rows + 1)].slice(0, rows);
}

function formatSpinner({ step, progress, isObjectTask }: Run, { theme, tick, window }: LiveStyle): string {
  const { glyphs } = theme;
  const spinner = theme.accent(glyphs.spinner[tick % glyphs.spinner.length]);
  const parts: string[] = [];
  if (progress === undefined || progress.tokens === 0) parts.push(step);
  else {
    if (isObjectTask) parts.push(`${progress.objects.length} found`);
    parts.push(`${progress.tokens} tokens`);
    if (progress.tokensPerSecond > 0) parts.push(`${formatRate(progress.tokensPerSecond)} tok/s`);
  }
  parts.push('esc stops');
  const text = parts.join(` ${glyphs.dot} `);
  return `  ${spinner} ${theme.dim(textWidth(text) > window.columns - 6 ? parts[0] : text)}`;
}
