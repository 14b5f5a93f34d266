/** An escape sequence that tmux hands on to the terminal around it, when `allow-passthrough` is on. */
export function wrapForTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
}
