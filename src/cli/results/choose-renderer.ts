import { createCocoRenderer } from '../../render/formats/coco.js';
import { createCsvRenderer } from '../../render/formats/csv.js';
import { createJsonlRenderer, createJsonRenderer } from '../../render/formats/json.js';
import { createRawRenderer } from '../../render/formats/raw.js';
import type { ResultRenderer } from '../../render/formats/result-renderer.js';
import { createSrtRenderer, createVttRenderer } from '../../render/formats/subtitles.js';
import { createTextRenderer } from '../../render/formats/text.js';
import type { ResultFormat } from '../options/result-format.js';

/** How results are to look. */
export interface RenderStyle {
  readonly withInputName: boolean;
  /** They go to a terminal. */
  readonly isTerminal: boolean;
  readonly isColored: boolean;
  /** coco: masks as polygons instead of run lengths. */
  readonly hasPolygons: boolean;
  /** coco: what was looked for, the first categories. */
  readonly things: readonly string[];
}

/** The renderer for --format; yolo, which is files of its own, has none. */
export function chooseRenderer(format: Exclude<ResultFormat, 'yolo'>, style: RenderStyle): ResultRenderer {
  switch (format) {
    case 'text':
      return createTextRenderer(style);
    case 'json':
      return createJsonRenderer();
    case 'jsonl':
      return createJsonlRenderer();
    case 'csv':
      return createCsvRenderer();
    case 'coco':
      return createCocoRenderer({
        segmentation: style.hasPolygons ? 'polygon' : 'rle',
        labels: style.things,
      });
    case 'srt':
      return createSrtRenderer();
    case 'vtt':
      return createVttRenderer();
    case 'raw':
      return createRawRenderer(style);
  }
}
