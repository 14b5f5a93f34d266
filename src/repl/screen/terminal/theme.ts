import { hasUnicode } from '../../../render/terminal-picture/has-unicode.js';

/** RGB, 0..255 each. */
type Rgb = readonly [number, number, number];

/** Characters that not every terminal shows. */
export interface Glyphs {
  readonly prompt: string;
  readonly bullet: string;
  /** Empty for no bars. */
  readonly bar: string;
  readonly cross: string;
  readonly dot: string;
  readonly times: string;
  readonly spinner: readonly string[];
  /** Between the two ends of a stretch of time. */
  readonly range: string;
  /** A progress bar: a whole column, and half of one. */
  readonly line: string;
  readonly halfLine: string;
  readonly pause: string;
}

/** How things look: every function gives the text back unchanged where there are no colours. */
export interface Theme {
  readonly glyphs: Glyphs;
  readonly isColored: boolean;
  readonly accent: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly error: (text: string) => string;
  readonly inverse: (text: string) => string;
  /** In a label's colour. */
  readonly label: (text: string, color: Rgb) => string;
}

/** What a terminal can do. */
export interface ThemeOptions {
  readonly colors: 'none' | '256' | '24-bit';
  readonly isUnicode: boolean;
  /** The text is read aloud: signs that only please the eye are left out. */
  readonly isSpoken?: boolean;
}

const unicodeGlyphs: Glyphs = {
  prompt: '›',
  bullet: '●',
  bar: '▇',
  cross: '✗',
  dot: '·',
  times: '×',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  range: '–',
  line: '━',
  halfLine: '╸',
  pause: '‖',
};

const asciiGlyphs: Glyphs = {
  prompt: '>',
  bullet: '*',
  bar: '#',
  cross: 'x',
  dot: '-',
  times: 'x',
  spinner: ['|', '/', '-', '\\'],
  range: '-',
  line: '=',
  halfLine: '-',
  pause: '=',
};

const spokenGlyphs: Glyphs = {
  ...asciiGlyphs,
  bullet: '-',
  bar: '',
  cross: 'Error:',
  dot: ',',
  times: ' by ',
};

export function createTheme({ colors, isUnicode, isSpoken = false }: ThemeOptions): Theme {
  const isColored = colors !== 'none';
  const paint =
    (open: string, close: string) =>
    (text: string): string =>
      isColored && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    glyphs: isSpoken ? spokenGlyphs : isUnicode ? unicodeGlyphs : asciiGlyphs,
    isColored,
    accent: paint('36', '39'),
    dim: paint('2', '22'),
    bold: paint('1', '22'),
    warning: paint('33', '39'),
    error: paint('31', '39'),
    inverse: paint('7', '27'),
    label: (text, color) =>
      paint(colors === '24-bit' ? `38;2;${color.join(';')}` : `38;5;${toCube(color)}`, '39')(text),
  };
}

/** What the environment says about this terminal. NO_COLOR and FORCE_COLOR win. */
export function readThemeOptions(env: NodeJS.ProcessEnv): ThemeOptions {
  const term = env['TERM'] ?? '';
  const isForced = env['FORCE_COLOR'] !== undefined && !/^(0|false)$/.test(env['FORCE_COLOR']);
  const isOff = Boolean(env['NO_COLOR']) || /^(0|false)$/.test(env['FORCE_COLOR'] ?? '');
  const has24Bit = /^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '') || /kitty|ghostty|-direct$/.test(term);
  const colors =
    isOff || (term === 'dumb' && !isForced) ? 'none' : has24Bit || env['WT_SESSION'] ? '24-bit' : '256';
  return { colors, isUnicode: hasUnicode(env) };
}

/** The nearest colour of the 6 x 6 x 6 cube. */
function toCube(color: Rgb): number {
  const [red, green, blue] = color.map((value) =>
    value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40),
  );
  return 16 + red * 36 + green * 6 + blue;
}
