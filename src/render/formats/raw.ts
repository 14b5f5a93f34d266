import { formatTimestamp } from '../format-time.js';
import { printablePath } from '../printable-path.js';
import type { ResultRenderer } from './result-renderer.js';

/** The model's answers with their special tokens: one line per input, or more if the answer itself has line breaks. */
export function createRawRenderer(style: { readonly withInputName: boolean }): ResultRenderer {
  return {
    start: () => '',
    end: () => '',
    renderResult: ({ input, raw, frame, error }) => {
      if (error !== undefined) return '';
      const name = style.withInputName ? `${printablePath(input)}\t` : '';
      const prefix = frame ? `${name}${formatTimestamp(frame.timeSeconds)}\t` : name;
      return (raw ?? '')
        .split('\n')
        .map((line) => `${prefix}${line}\n`)
        .join('');
    },
  };
}
