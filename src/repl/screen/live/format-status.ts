import { basename } from 'node:path';
import { formatClock } from '../../../render/format-time.js';
import { printablePath } from '../../../render/printable-path.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import { currentPicture, type OpenPicture, type SessionState } from '../../session/state/session-state.js';
import { decimalsOf } from '../../session/state/sample-decimals.js';
import type { Theme } from '../terminal/theme.js';
import { countNoun } from '../../../render/count-noun.js';

/** Less than this is too little for the left side, beside the right one. */
const MIN_LEFT_COLUMNS = 24;
/** How many parts of the left side can be dropped, one after the other. */
const MOST_LEFT_OUT = 4;

/** The line under the input: picture, model, device, server, speed; at the right what waits, or where help is. */
export function formatStatus(state: SessionState, theme: Theme, columns: number): string {
  const room = columns - 4;
  if (state.notice !== undefined) return `  ${theme.warning(cutToWidth(state.notice, room))}`;
  const right = describeRight(state);
  const leftRoom = room - textWidth(right) - 2;
  if (leftRoom < MIN_LEFT_COLUMNS) {
    // In a narrow window the left side is worth more; what waits is worth most.
    const waiting = state.queue.length > 0 ? `${right} ${theme.glyphs.dot} ` : '';
    return `  ${theme.dim(waiting + fitLeft(state, theme, room - textWidth(waiting)))}`;
  }
  const shown = fitLeft(state, theme, leftRoom);
  return `  ${theme.dim(shown)}${' '.repeat(room - textWidth(shown) - textWidth(right))}${theme.dim(right)}`;
}

/** The left side without what matters least, until it fits. */
function fitLeft(state: SessionState, theme: Theme, room: number): string {
  let text = '';
  for (let leftOut = 0; leftOut <= MOST_LEFT_OUT; leftOut++) {
    text = describeLeft(state, theme, leftOut);
    if (textWidth(text) <= room) break;
  }
  return cutToWidth(text, room);
}

/** @param leftOut from 0: 1 the speed, 2 the picture's size too, 3 the dtype and the server too, 4 the picture too. */
function describeLeft(state: SessionState, { glyphs }: Theme, leftOut: number): string {
  const { model, tokensPerSecond } = state;
  const picture = currentPicture(state);
  const parts: string[] = [];
  if (picture !== undefined && leftOut < 4) parts.push(describePicture(picture, glyphs, leftOut < 2));
  parts.push([model.name, leftOut < 3 ? model.dtype : undefined].filter(Boolean).join(' '));
  if (model.phase === 'ready' && model.device !== undefined) {
    parts.push(model.device);
    if (model.server !== undefined && leftOut < 3) parts.push(printablePath(model.server));
  } else parts.push(model.phase === 'failed' ? 'not loaded' : describeLoading(model.loadedShare));
  if (tokensPerSecond > 0 && leftOut < 1) parts.push(`${formatRate(tokensPerSecond)} tok/s`);
  return parts.join(` ${glyphs.dot} `);
}

/** `photo.jpg 640×480`; of a video its length, or where the frame is: `clip.mp4 0:07 · 8/12`. */
function describePicture(
  { name, image, video }: OpenPicture,
  glyphs: Theme['glyphs'],
  hasSize: boolean,
): string {
  const shown = printablePath(basename(name));
  if (video === undefined) return !hasSize ? shown : `${shown} ${image.width}${glyphs.times}${image.height}`;
  const { place, info } = video;
  const { durationSeconds } = info;
  if (place === undefined)
    return `${shown} ${durationSeconds === undefined ? 'live' : formatClock(durationSeconds)}`;
  const { timeSeconds, number, total } = place;
  return `${shown} ${formatClock(timeSeconds, decimalsOf(timeSeconds))} ${glyphs.dot} ${number}/${total}`;
}

function describeLoading(share: number | undefined): string {
  return share === undefined ? 'loading' : `loading ${Math.floor(share * 100)} %`;
}

function describeRight({ queue }: SessionState): string {
  if (queue.length > 0) return `${countNoun(queue.length, 'line')} waiting`;
  return '/ commands  @ files';
}

export function formatRate(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}
