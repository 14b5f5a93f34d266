import { formatSeconds } from '../../../render/format-time.js';
import { formatRate } from './format-status.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import type { Theme } from '../terminal/theme.js';
import type { VideoProgress } from '../../session/state/video-state.js';
import { countNoun } from '../../../render/count-noun.js';

/** Columns of the bar. */
const MIN_BAR = 8;
const MAX_BAR = 24;

/** `━━━━━╸━━━ 7/12 · 3.1 frames/s · 2 s left · space pauses`, as much of it as there is room for. */
export function formatProgress(
  progress: VideoProgress,
  { theme, columns }: { readonly theme: Theme; readonly columns: number },
): string {
  const { done, total, share, isPaused, canPause, framesPerSecond, secondsLeft, dropped } = progress;
  const count = total === undefined ? countNoun(done, 'frame') : `${done}/${total}`;
  const rate = framesPerSecond > 0 ? [`${formatRate(framesPerSecond)} frames/s`] : [];
  const left = [
    ...(secondsLeft === undefined ? [] : [`${formatSeconds(secondsLeft)} left`]),
    ...(dropped ? [`${dropped} dropped`] : []),
  ];
  const choices = isPaused
    ? [
        [count, 'paused', 'space goes on'],
        [count, 'paused'],
      ]
    : [
        [
          count,
          ...rate,
          ...left,
          ...(canPause ? ['space pauses'] : []),
          ...(dropped === undefined && canPause ? [] : ['esc stops']),
        ],
        [count, ...rate, ...left, canPause && dropped === undefined ? 'space pauses' : 'esc stops'],
        [count, ...rate, ...left],
        [count, ...left],
        [count],
      ];
  const texts = choices.map((parts) => parts.join(` ${theme.glyphs.dot} `));
  const text =
    texts.find((one) => textWidth(one) + 1 + MIN_BAR <= columns) ??
    cutToWidth(texts[texts.length - 1], columns);
  const width = Math.min(MAX_BAR, columns - textWidth(text) - 1);
  const shown = isPaused ? theme.warning(text) : theme.dim(text);
  return width < MIN_BAR || dropped !== undefined ? shown : `${formatBar(share, width, theme)} ${shown}`;
}

function formatBar(share: number, columns: number, theme: Theme): string {
  const { line, halfLine } = theme.glyphs;
  const halves = Math.floor(Math.max(0, Math.min(1, share)) * columns * 2);
  const full = Math.floor(halves / 2);
  const done = line.repeat(full) + (halves % 2 === 1 ? halfLine : '');
  const rest = columns - full - (halves % 2);
  // Without colours the rest must look different.
  return theme.accent(done) + (theme.isColored ? theme.dim(line.repeat(rest)) : ' '.repeat(rest));
}
