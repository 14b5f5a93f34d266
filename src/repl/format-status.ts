import { basename } from 'node:path';
import { formatClock } from '../render/format-clock.js';
import { printablePath } from '../render/printable-path.js';
import { cutToWidth, textWidth } from './graphemes.js';
import { currentPicture, type OpenPicture, type SessionState } from './session-state.js';
import { decimalsOf } from './sample-decimals.js';
import type { Theme } from './theme.js';

/** The line under the input: picture, model, device, speed; at the right what waits, or where help is. */
export function formatStatus(state: SessionState, theme: Theme, columns: number): string {
  const room = columns - 4;
  if (state.notice !== undefined) return `  ${theme.warning(cutToWidth(state.notice, room))}`;
  const right = describeRight(state);
  const left = describeLeft(state, theme);
  const leftRoom = room - textWidth(right) - 2;
  // In a narrow window the left side is worth more.
  if (leftRoom < 24) return `  ${theme.dim(cutToWidth(left, room))}`;
  const shown = cutToWidth(left, leftRoom);
  return `  ${theme.dim(shown)}${' '.repeat(room - textWidth(shown) - textWidth(right))}${theme.dim(right)}`;
}

function describeLeft(state: SessionState, { glyphs }: Theme): string {
  const { model, tokensPerSecond } = state;
  const picture = currentPicture(state);
  const parts: string[] = [];
  if (picture !== undefined) parts.push(describePicture(picture, glyphs));
  parts.push([model.name, model.dtype].filter(Boolean).join(' '));
  if (model.phase === 'ready' && model.device !== undefined) parts.push(model.device);
  else parts.push(model.phase === 'failed' ? 'not loaded' : describeLoading(model.loadedShare));
  if (tokensPerSecond > 0) parts.push(`${formatRate(tokensPerSecond)} tok/s`);
  return parts.join(` ${glyphs.dot} `);
}

/** `photo.jpg 640×480`; of a video its length, or where the frame is: `clip.mp4 0:07 · 8/12`. */
function describePicture({ name, image, video }: OpenPicture, glyphs: Theme['glyphs']): string {
  const shown = printablePath(basename(name));
  if (video === undefined) return `${shown} ${image.width}${glyphs.times}${image.height}`;
  const { place, info } = video;
  if (place === undefined) return `${shown} ${formatClock(info.durationSeconds ?? 0)}`;
  const { timeSeconds, number, total } = place;
  return `${shown} ${formatClock(timeSeconds, decimalsOf(timeSeconds))} ${glyphs.dot} ${number}/${total}`;
}

function describeLoading(share: number | undefined): string {
  return share === undefined ? 'loading' : `loading ${Math.floor(share * 100)} %`;
}

function describeRight({ queue }: SessionState): string {
  if (queue.length > 0) return `${queue.length} line${queue.length === 1 ? '' : 's'} waiting`;
  return '/ commands  @ files';
}

export function formatRate(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}
