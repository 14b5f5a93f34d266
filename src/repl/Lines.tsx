import { Box, Text } from 'ink';
import type { ReactElement } from 'react';

/** Lines that are set already, one Text each: no line is wider than the window. */
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        <Text key={index} wrap="truncate-end">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
}
