type Environment = Readonly<Record<string, string | undefined>>;

/** What a picture of characters is made of: halves of a cell, quarters, or sixths. */
export type BlockSymbols = 'half' | 'quadrants' | 'sextants';

/** Pixels in a cell, side by side and on top of one another. */
export interface CellGrid {
  readonly columns: number;
  readonly rows: number;
}

export const cellGrids: Readonly<Record<BlockSymbols, CellGrid>> = {
  half: { columns: 1, rows: 2 },
  quadrants: { columns: 2, rows: 2 },
  sextants: { columns: 2, rows: 3 },
};

/** GNOME's terminals draw sextants from VTE 0.62 on. */
const FIRST_VTE_WITH_SEXTANTS = 6200;

/**
 * The finest symbols that a terminal is known to show without gaps, by what it says of itself. Sextants (Unicode 13)
 * where it draws them itself, whatever the font; quadrants, which fonts for terminals have had for decades, elsewhere.
 * The old consoles of Windows have fonts without them. tmux shows sextants only where its C library knows them.
 */
export function chooseSymbols(env: Environment, isInTmux: boolean): BlockSymbols {
  const term = env['TERM'] ?? '';
  const program = env['TERM_PROGRAM'] ?? '';
  if (env['OS'] === 'Windows_NT' && !env['WT_SESSION']) return 'half';
  if (isInTmux || env['STY'] || env['ZELLIJ']) return 'quadrants';
  if (/kitty|ghostty|^foot|^contour|^wezterm/.test(term) || /^(?:ghostty|WezTerm)$/.test(program))
    return 'sextants';
  if (program !== '') return 'quadrants';
  const hasSextants =
    Number(env['VTE_VERSION'] ?? 0) >= FIRST_VTE_WITH_SEXTANTS ||
    Boolean(env['KITTY_WINDOW_ID'] || env['GHOSTTY_RESOURCES_DIR'] || env['WEZTERM_PANE']);
  return hasSextants ? 'sextants' : 'quadrants';
}

/** By which of its quarters are filled: bit 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
const QUADRANTS = ' ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█';
/** U+1FB00, for the upper left sixth alone; halves and whole blocks, which Unicode had already, are left out after it. */
const FIRST_SEXTANT = 0x1fb00;
const LEFT_HALF = 0b010101;
const RIGHT_HALF = 0b101010;

/** The character that fills these parts of a cell, row by row from the upper left, the first in the lowest bit. */
export function blockCharacter(filled: number, symbols: BlockSymbols): string {
  if (symbols === 'half') return filled === 0 ? ' ' : filled === 1 ? '▀' : filled === 2 ? '▄' : '█';
  if (symbols === 'quadrants') return QUADRANTS[filled];
  if (filled === 0) return ' ';
  if (filled === 0b111111) return '█';
  if (filled === LEFT_HALF) return '▌';
  if (filled === RIGHT_HALF) return '▐';
  const skipped = (filled > LEFT_HALF ? 1 : 0) + (filled > RIGHT_HALF ? 1 : 0);
  return String.fromCodePoint(FIRST_SEXTANT + filled - 1 - skipped);
}
