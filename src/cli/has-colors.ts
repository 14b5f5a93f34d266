/** A stream that may be a terminal, as process.stdout and process.stderr are. */
export interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
}

/** Whether to colour what goes to this stream: NO_COLOR and FORCE_COLOR win, else a terminal that can. */
export function hasColors(stream: MaybeTerminal, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
