/**
 * In this order: strings addressed to the terminal (OSC, DCS, SOS, PM, APC) with their content, control sequences
 * (colours, cursor), other escapes, and single characters: C0 except tab and newline, DEL, C1 and the overrides that
 * turn text around. Every alternative stops at the next control character, so the time is linear even for hostile
 * text.
 */
const CONTROL = new RegExp(
  [
    '(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x00-\\x1f\\x7f-\\x9f]*(?:\\x07|\\x1b\\\\|\\x9c)',
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
    '\\x1b[ -/]*[0-~]',
    '[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]',
  ].join('|'),
  'g',
);

/**
 * Text from outside (a model's answer, a file name, a server's message), safe for a terminal: escape
 * sequences and control characters removed, tab and newline kept, `\r\n` made `\n`. Marks that real scripts
 * need (joiners, left-to-right marks) stay. Doing it twice changes nothing.
 */
export function stripControl(text: string): string {
  return text.replace(CONTROL, '');
}
