import type { Pixels } from './encode-image.js';
import { cleanLine, renderText, type Color } from './render-text.js';

/** A line whose head is shortened where it has to be. */
export interface LabelText {
  readonly head: string;
  readonly tail: string;
}

type RenderLine = (
  color: Color,
  text: LabelText,
  fontSize: number,
  maxWidth: number,
) => Promise<{ readonly text: string; readonly picture: Pixels } | undefined>;

/** Labels repeat: each is drawn once. */
export function createTextCache(): RenderLine {
  const rendered = new Map<string, Awaited<ReturnType<RenderLine>>>();
  return async (color, text, fontSize, maxWidth) => {
    const key = [color.join(), fontSize, text.head, text.tail].join('\n');
    if (!rendered.has(key)) {
      rendered.set(key, await renderFitting(text, color, fontSize, maxWidth));
    }
    return rendered.get(key);
  };
}

/** The label as a picture at most `maxWidth` pixels wide, shortened with an ellipsis where it has to be. */
async function renderFitting(
  { head, tail }: LabelText,
  color: Color,
  fontSize: number,
  maxWidth: number,
): Promise<{ text: string; picture: Pixels } | undefined> {
  let shown = cleanLine(head);
  while (shown !== '') {
    const text = shown + tail;
    const picture = await renderText(text, fontSize, color);
    if (picture === undefined) return undefined;
    if (picture.width <= maxWidth) return { text, picture };
    const characters = Array.from(shown.replace(/…$/, ''));
    const room = Math.floor((Array.from(text).length * maxWidth) / picture.width) - Array.from(tail).length;
    const keep = Math.min(characters.length - 1, room);
    shown = keep < 1 ? '' : `${characters.slice(0, keep).join('')}…`;
  }
  return undefined;
}
