import { formatClock } from '../../../render/format-time.js';
import { clean, indent, setText, type BlockStyle } from './block-style.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import { decimalsOf } from '../../session/state/sample-decimals.js';
import type { Block, VideoBlock } from '../../session/state/session-state.js';
import type { ShownStrip } from '../../session/state/video-state.js';
import { countNoun } from '../../../render/count-noun.js';

/** A video that was opened: its name, what it is, how it is sampled, a strip of its frames. */
export function formatVideo(
  { name: fullName, info, samples, hint, strip }: VideoBlock,
  style: BlockStyle,
): string[] {
  const { theme, columns } = style;
  const { glyphs } = theme;
  const length = info.durationSeconds ?? 0;
  const facts = [
    ...(info.durationSeconds === undefined ? [] : [formatClock(length, decimalsOf(length))]),
    `${info.width}${glyphs.times}${info.height}`,
    `${formatRate(info.framesPerSecond)} fps`,
  ].join(` ${glyphs.dot} `);
  const name = cutToWidth(clean(fullName), Math.max(8, columns - 4));
  const room = columns - 4;
  const parts = [facts, samples].join(` ${glyphs.dot} `);
  const first = textWidth(name) + 2;
  const lines =
    first + textWidth(parts) + 2 + hint.length <= room
      ? [`${name}  ${theme.dim(`${parts}  ${hint}`)}`]
      : first + textWidth(parts) <= room
        ? [`${name}  ${theme.dim(parts)}`, theme.dim(hint)]
        : [
            ...(first + textWidth(facts) <= room
              ? [`${name}  ${theme.dim(facts)}`]
              : [name, theme.dim(facts)]),
            ...(textWidth(samples) + 2 + hint.length <= room
              ? [theme.dim(`${samples}  ${hint}`)]
              : [theme.dim(samples), theme.dim(hint)]),
          ];
  return [...lines.map(indent), ...formatStrip(strip, style)];
}

/** The end of a prompt about a video: frames with what was found on them, and how it went. */
export function formatTimeline(block: Extract<Block, { type: 'timeline' }>, style: BlockStyle): string[] {
  const { frames, total, seconds, isCancelled, truncated, maxTokens, skipped, number } = block;
  const { theme } = style;
  const isPart = total !== undefined && frames < total;
  const count = isPart ? `${frames} of ${total}` : String(frames);
  const parts = [
    `${count} frame${(isPart ? total : frames) === 1 ? '' : 's'}`,
    ...(skipped > 0 ? [`${skipped} similar skipped`] : []),
    ...(isCancelled ? ['cancelled'] : []),
    `${seconds.toFixed(2)} s`,
    ...(number === undefined ? [] : [`answer ${number}`]),
  ];
  const cut = `${countNoun(truncated, 'answer')} stopped at ${maxTokens} tokens; /set max-tokens ${maxTokens * 2}`;
  return [
    ...formatStrip(block.strip, style),
    ...(truncated > 0 ? setText(cut, style, theme.warning) : []),
    indent(theme.dim(parts.join(` ${theme.glyphs.dot} `))),
  ];
}

function formatStrip(strip: ShownStrip | undefined, { theme, placePicture }: BlockStyle): string[] {
  if (strip === undefined) return [];
  return [...placePicture(strip.picture), indent(theme.dim(strip.times))];
}

/** `25`, `29.97`. */
function formatRate(perSecond: number): string {
  return String(Number(perSecond.toFixed(2)));
}
