import { formatClock } from '../../../render/format-time.js';
import { assignLabelColors } from '../../../render/drawing/label-colors.js';
import { clean } from '../blocks/block-style.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import type { PlayedFrame } from '../../session/play/player-screen.js';
import type { Theme } from '../terminal/theme.js';

/** Rows under the picture: what is on it, and where the video is. */
export const PLAYER_ROWS = 2;
/** Columns of the bar. */
const MIN_BAR = 8;
const MAX_BAR = 40;

/** The two rows under a playing video; none is wider than the window. */
export function formatPlayer(frame: PlayedFrame, theme: Theme, columns: number): [string, string] {
  return [formatContent(frame, theme, columns - 2), formatPlace(frame, theme, columns - 2)].map((line) =>
    line === '' ? '' : ` ${line}`,
  ) as [string, string];
}

/** `● tractor #1  ● dog #2`, or the answer in words. */
function formatContent({ text, objects, labels }: PlayedFrame, theme: Theme, columns: number): string {
  if (text !== undefined) return cutToWidth(clean(text).replace(/\s+/g, ' '), columns);
  const colors = assignLabelColors([...labels, ...objects.map(({ detection }) => detection.label)]);
  let line = '';
  let width = 0;
  for (const { detection, trackId } of objects) {
    const name = clean(detection.label) + (trackId === undefined ? '' : ` #${trackId}`);
    const taken = textWidth(name) + 4;
    if (width + taken > columns) return line.trimEnd();
    line += `${theme.label(theme.glyphs.bullet, colors.get(detection.label)!.color)} ${name}  `;
    width += taken;
  }
  return line.trimEnd();
}

/** `0:03.4 / 0:08 ━━━━╸━━━━ 24 fps · space holds · esc leaves`, as much of it as there is room for. */
function formatPlace(frame: PlayedFrame, theme: Theme, columns: number): string {
  const { timeSeconds, durationSeconds, state, speed, framesPerSecond } = frame;
  const { dot, line, halfLine, times } = theme.glyphs;
  const time = `${formatClock(timeSeconds, 1)}${durationSeconds === undefined ? '' : ` / ${formatClock(durationSeconds)}`}`;
  const rate = framesPerSecond > 0 ? [`${Math.round(framesPerSecond)} frames/s`] : [];
  const pace = speed === 1 ? [] : [`${speed}${times}`];
  const keys =
    state === 'playing'
      ? ['space holds', 'esc leaves']
      : [`space ${state === 'ended' ? 'plays again' : 'goes on'}`, 'arrows step', 'esc leaves'];
  const parts = [...(state === 'playing' ? rate : [state === 'ended' ? 'the end' : 'held']), ...pace];
  const choices = [
    [...parts, ...keys],
    [...parts, keys[0], keys.at(-1)!],
    [...parts, keys.at(-1)!],
    parts,
  ].map((list) => list.join(` ${dot} `));
  const rest = choices.find((one) => time.length + textWidth(one) + MIN_BAR + 3 <= columns) ?? '';
  const room = Math.min(MAX_BAR, columns - time.length - textWidth(rest) - 3);
  if (room < MIN_BAR || durationSeconds === undefined) return cutToWidth(`${time}  ${rest}`, columns);
  const halves = Math.floor(Math.max(0, Math.min(1, timeSeconds / durationSeconds)) * room * 2);
  const done = line.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? halfLine : '');
  const left = room - Math.ceil(halves / 2);
  const bar = theme.accent(done) + (theme.isColored ? theme.dim(line.repeat(left)) : ' '.repeat(left));
  return `${time} ${bar} ${theme.dim(rest)}`;
}
