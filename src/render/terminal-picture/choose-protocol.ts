import { chooseSymbols, type BlockSymbols } from './block-symbols.js';
import { hasUnicode } from './has-unicode.js';
import type { ShowWord } from './show-words.js';

/**
 * How a picture is drawn. `kitty-cells` is kitty's way through tmux: the picture is sent past tmux, and cells of
 * text, which tmux can move, say where it is.
 */
export type PictureProtocol =
  'kitty' | 'kitty-cells' | 'iterm2' | 'sixel' | 'blocks' | 'blocks-256' | 'ascii';

/** A protocol, and whether it has to be handed through tmux. */
export interface ProtocolChoice {
  readonly protocol: PictureProtocol;
  readonly isInTmux: boolean;
  /** What blocks are made of: the best that the font is known to have. Half blocks when absent. */
  readonly symbols?: BlockSymbols;
}

/** What the user wants, and what is known beyond the environment. */
export interface ProtocolOptions {
  readonly show: ShowWord;
  /** tmux passes escape sequences on (`set -g allow-passthrough on`); by default it swallows them. */
  readonly hasTmuxPassthrough?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Konsole 22.04, the first that draws sixel. */
const FIRST_KONSOLE_WITH_SIXEL = 220400;

/**
 * Choose how to draw a picture from what terminals say of themselves in the environment; nothing is asked of the
 * terminal. A protocol that the user names is taken as it is, also into a file.
 *
 * Inside tmux only kitty's way is chosen by itself, and only when tmux hands it on: a picture that is swallowed
 * would be worse than blocks. NO_COLOR, terminals without colours and locales without half blocks get characters.
 *
 * @param isTty the output is a terminal.
 * @returns undefined when no picture should be drawn.
 */
export function chooseProtocol(
  env: Environment,
  isTty: boolean,
  { show, hasTmuxPassthrough = false }: ProtocolOptions,
): ProtocolChoice | undefined {
  if (show === 'off' || (show === 'auto' && !isTty)) return undefined;
  const isInTmux = Boolean(env['TMUX']) || /^tmux/.test(env['TERM'] ?? '');
  const symbols = chooseSymbols(env, isInTmux);
  if (show === 'blocks') return { protocol: chooseBlocks(env, true), isInTmux, symbols };
  if (show === 'half' || show === 'quadrants' || show === 'sextants')
    return { protocol: chooseBlocks(env, true), isInTmux, symbols: show };
  if (show !== 'auto') return { protocol: show === 'kitty' && isInTmux ? 'kitty-cells' : show, isInTmux };
  const graphics = findGraphics(env);
  if (isInTmux && graphics === 'kitty' && hasTmuxPassthrough)
    return { protocol: 'kitty-cells', isInTmux, symbols };
  // Zellij and screen have no way through.
  const isShielded = isInTmux || Boolean(env['ZELLIJ']) || Boolean(env['STY']);
  if (graphics !== undefined && !isShielded) return { protocol: graphics, isInTmux, symbols };
  return { protocol: chooseBlocks(env, false), isInTmux, symbols };
}

/**
 * The protocol of the terminal named in the environment; inside a multiplexer, of the one around it. TERM and
 * TERM_PROGRAM are set by each terminal; other variables may be left over from the one this one was started from.
 */
function findGraphics(env: Environment): 'kitty' | 'iterm2' | 'sixel' | undefined {
  const term = env['TERM'] ?? '';
  const program = env['TERM_PROGRAM'] ?? '';
  if (term === 'dumb') return undefined;
  if (/kitty|ghostty/.test(term)) return 'kitty';
  if (/^(?:foot|contour|mlterm|yaft)|sixel/.test(term)) return 'sixel';
  if (program === 'ghostty') return 'kitty';
  if (/^(?:iTerm\.app|WezTerm|mintty|rio)$/.test(program)) return 'iterm2';
  if (program !== '' && program !== 'tmux') return undefined;
  if (env['KITTY_WINDOW_ID'] || env['GHOSTTY_RESOURCES_DIR']) return 'kitty';
  if (env['WEZTERM_PANE'] || env['WEZTERM_EXECUTABLE'] || env['LC_TERMINAL'] === 'iTerm2') return 'iterm2';
  return Number(env['KONSOLE_VERSION'] ?? 0) >= FIRST_KONSOLE_WITH_SIXEL ? 'sixel' : undefined;
}

/** @param isAskedFor use blocks in any case, in as many colours as possible. */
function chooseBlocks(env: Environment, isAskedFor: boolean): 'blocks' | 'blocks-256' | 'ascii' {
  const term = env['TERM'] ?? '';
  if (!isAskedFor && (env['NO_COLOR'] || term === 'dumb' || !hasUnicode(env))) return 'ascii';
  const isKnown = findGraphics(env) !== undefined || Boolean(env['WT_SESSION']);
  if (isKnown || /^(?:truecolor|24bit)$/.test(env['COLORTERM'] ?? '') || /-direct$/.test(term))
    return 'blocks';
  // The consoles of Windows set no TERM, and have colours since Windows 10.
  const isConsole = term === '' && env['OS'] === 'Windows_NT';
  return isAskedFor || isConsole || /256/.test(term) ? 'blocks-256' : 'ascii';
}
