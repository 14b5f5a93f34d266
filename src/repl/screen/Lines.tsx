import { Text } from 'ink';
import type { ReactElement } from 'react';
import type { Placeholders } from './terminal/placeholders.js';

interface LinesProps {
  readonly lines: readonly string[];
  readonly placeholders: Placeholders;
}

/** Everything that a terminal would take for a command but styles and columns; and what could be taken for a placeholder. */
// eslint-disable-next-line no-control-regex
const COMMANDS = /\u001b(?!\[[\d;]*[mG])|[\0-\u001a\u001c-\u001f\u007f-\u009f\u{100000}-\u{10ffff}]/gu;

/** Lines that are already laid out: none is wider than the window. A line may be a placeholder itself. */
export function Lines({ lines, placeholders }: LinesProps): ReactElement | null {
  if (lines.length === 0) return null;
  const characters = lines.map((line) =>
    placeholders.has(line) ? line : placeholders.add(line.replace(COMMANDS, '').trimEnd()),
  );
  return <Text>{characters.join('\n')}</Text>;
}
