import { createJsonlRenderer, createJsonRenderer } from '../render/json.js';
import { createRawRenderer } from '../render/raw.js';
import type { ResultRenderer } from '../render/result-renderer.js';
import { createTextRenderer } from '../render/text.js';
import { hasColors } from './has-colors.js';
import type { ResultFormat } from './picture-options.js';

/** The renderer for --format, fitted to this process's stdout. */
export function chooseRenderer(format: ResultFormat, withInputName: boolean): ResultRenderer {
  switch (format) {
    case 'text':
      return createTextRenderer({
        withInputName,
        isTerminal: process.stdout.isTTY === true,
        isColored: hasColors(process.stdout),
      });
    case 'json':
      return createJsonRenderer();
    case 'jsonl':
      return createJsonlRenderer();
    case 'raw':
      return createRawRenderer({ withInputName });
  }
}
