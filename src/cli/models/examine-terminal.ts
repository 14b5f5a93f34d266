import { chooseProtocol } from '../../render/terminal-picture/choose-protocol.js';
import type { Finding } from '../../diagnostics/finding.js';

/** A stream that may be a terminal with colours. */
export interface ColorStream {
  readonly isTTY?: boolean | undefined;
  getColorDepth?(env?: object): number;
}

/** What the terminal is, and how pictures are drawn on it. */
export function examineTerminal(
  stream: ColorStream = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Finding {
  if (stream.isTTY !== true)
    return { name: 'terminal', value: 'none', state: 'absent', note: 'the output goes elsewhere' };
  const value = env['TERM_PROGRAM'] ?? env['TERM'] ?? 'unknown';
  const depth = stream.getColorDepth?.(env) ?? 1;
  const colors = depth >= 24 ? '24-bit colour' : depth > 1 ? `${2 ** depth} colours` : 'no colours';
  const choice = chooseProtocol(env, true, { show: 'auto' });
  return { name: 'terminal', value, state: 'ok', note: `pictures: ${choice?.protocol ?? 'none'}, ${colors}` };
}
