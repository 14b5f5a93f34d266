import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Pixels } from './encode-image.js';
import { loadSharp } from '../load-sharp.js';

/** RGB, 0..255 each. */
export type Color = readonly [number, number, number];

const require = createRequire(import.meta.url);
/**
 * Bundled, so that letters are drawn even on a machine without fonts; other scripts fall back to the system's fonts.
 */
const FONT_FILE = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
const FONT_NAME = 'DejaVu Sans Bold';

/** Longest label that is drawn, characters: the model's text is not bounded. */
const MAX_CHARACTERS = 80;
/** Longest line of a paragraph before it is broken. */
const MAX_PARAGRAPH_CHARACTERS = 600;

/**
 * Draw one line of text. Any script; markup in it is not interpreted.
 *
 * @param heightPixels font size; the picture is about 1.3 times as high, the same for every text.
 * @returns RGBA on a transparent background, trimmed at the sides; undefined when there is nothing to see.
 */
export async function renderText(
  text: string,
  heightPixels: number,
  color: Color,
  maxCharacters = MAX_CHARACTERS,
): Promise<Pixels | undefined> {
  const line = cleanLine(text, maxCharacters);
  if (line === '') return undefined;
  // The picture is as high as the ink. An invisible bar from top to bottom of the line makes that the same for
  // `dog` and `cow`, so that labels have one height and one baseline.
  const markup = `<span alpha="1">|</span><span foreground="#${toHex(color)}">${escapeMarkup(line)}</span>`;
  const { width, height, data } = await renderMarkup(markup, heightPixels);
  return trimSides({ width, height, data });
}

/** How lines are broken. */
interface Paragraph {
  readonly width: number;
  readonly wrap: 'word-char';
  readonly align: 'centre';
}

/** Pango markup as an RGBA picture that is as large as its ink. @throws when there is none. */
async function renderMarkup(text: string, heightPixels: number, paragraph?: Paragraph): Promise<Pixels> {
  configureFonts();
  const { data, info } = await loadSharp()({
    text: {
      text,
      font: `${FONT_NAME} ${heightPixels}`,
      fontfile: FONT_FILE,
      rgba: true,
      // At 72 dpi a point is a pixel.
      dpi: 72,
      ...paragraph,
    },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/**
 * Draw a text of several lines, centred; broken between words, and inside a word that is wider than a line.
 *
 * @param heightPixels font size. @param width of a line, pixels.
 * @returns RGBA on a transparent background; undefined when there is nothing to see.
 */
export async function renderParagraph(
  text: string,
  heightPixels: number,
  width: number,
  color: Color,
): Promise<Pixels | undefined> {
  const lines = text.split('\n').map((line) => cleanLine(line, MAX_PARAGRAPH_CHARACTERS));
  if (lines.every((line) => line === '')) return undefined;
  const markup = `<span foreground="#${toHex(color)}">${escapeMarkup(lines.join('\n'))}</span>`;
  const paragraph = { width, wrap: 'word-char', align: 'centre' } as const;
  // Characters without ink, such as a zero-width space, give no picture.
  return renderMarkup(markup, heightPixels, paragraph).catch(() => undefined);
}

function toHex(color: Color): string {
  return color.map((value) => value.toString(16).padStart(2, '0')).join('');
}

/** One line without controls, lone surrogates or direction overrides, of bounded length. */
export function cleanLine(text: string, maxCharacters = MAX_CHARACTERS): string {
  const line = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069\ufffe\uffff]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join('')}…` : line;
}

/** Text escaped for XML (SVG, Pango markup), between tags or in quotes. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Where Linux has no font configuration at all, fontconfig would complain on stderr: it gets a valid one. */
function configureFonts(): void {
  if (process.platform !== 'linux' || existsSync('/etc/fonts/fonts.conf')) return;
  if (process.env.FONTCONFIG_FILE !== undefined || process.env.FONTCONFIG_PATH !== undefined) return;
  process.env.FONTCONFIG_FILE = require.resolve('dejavu-fonts-ttf/fontconfig/57-dejavu-sans.conf');
}

function trimSides(picture: Pixels): Pixels | undefined {
  const { width, height, data } = picture;
  let left = width;
  let right = -1;
  for (let i = 0; i < width * height; i++) {
    // The invisible bar may have left an opacity of 1 of 255.
    if (data[i * 4 + 3] <= 1) continue;
    const x = i % width;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  if (right < left) return undefined;
  const trimmedWidth = right - left + 1;
  const trimmed = new Uint8Array(trimmedWidth * height * 4);
  for (let y = 0; y < height; y++) {
    const from = (y * width + left) * 4;
    trimmed.set(data.subarray(from, from + trimmedWidth * 4), y * trimmedWidth * 4);
  }
  return { width: trimmedWidth, height, data: trimmed };
}
