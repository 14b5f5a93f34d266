import { extname } from 'node:path';
import type { TaskResult } from '../../base/task-result.js';
import type { FilesPlace, FilesWriter } from './files-writer.js';
import type { ResultRenderer } from './result-renderer.js';

/** How results are to look. */
export interface RenderStyle {
  readonly withInputName: boolean;
  /** They go to a terminal. */
  readonly isTerminal: boolean;
  readonly isColored: boolean;
  /** coco: masks as polygons instead of run lengths. */
  readonly hasPolygons: boolean;
  /** What was looked for: coco's first categories. */
  readonly things: readonly string[];
  /** Folders that pictures were looked for in: coco names pictures from there. */
  readonly folders?: readonly string[];
  /** What the picture of a video's frame is called, where such pictures are written. */
  readonly nameFrame?: ((result: TaskResult) => string) | undefined;
}

interface FormatFacts {
  /** Of a file that holds a result, dot included. */
  readonly extension: string;
  /** Other endings of a file's name that stand for the format. */
  readonly otherExtensions?: readonly string[];
  /** Which results it can hold: all, those that may have objects, or those about frames of a video. */
  readonly holds: 'all' | 'objects' | 'frames';
  /** Each result is the object of docs/result.schema.json, with its prompt and its tokens. */
  readonly isJson?: boolean;
  /** It holds errors among the results; with the others they go to stderr. */
  readonly holdsErrors?: boolean;
  /** Set where all results belong in one file, even of many pictures: what messages call that file. */
  readonly wholeName?: string;
  /** Pictures are part of it. */
  readonly hasPictures?: boolean;
}

/** A format of one document, or of one for each input where they go to a folder. */
export interface DocumentFormat extends FormatFacts {
  readonly createRenderer: (style: RenderStyle) => Promise<ResultRenderer>;
}

/** A format that is a folder of files. */
export interface FilesFormat extends FormatFacts {
  readonly openFiles: (place: FilesPlace) => Promise<FilesWriter>;
}

/**
 * Every format, in the order of `--format`. Its code is loaded only when it is used, as each command reads this table.
 * Where two have the same extension, a file's name stands for the first of them.
 */
const rows = {
  text: {
    extension: '.txt',
    holds: 'all',
    createRenderer: async (style) => (await import('./text.js')).createTextRenderer(style),
  },
  json: {
    extension: '.json',
    holds: 'all',
    isJson: true,
    holdsErrors: true,
    createRenderer: async () => (await import('./json.js')).createJsonRenderer(),
  },
  jsonl: {
    extension: '.jsonl',
    otherExtensions: ['.ndjson'],
    holds: 'all',
    isJson: true,
    holdsErrors: true,
    createRenderer: async () => (await import('./json.js')).createJsonlRenderer(),
  },
  csv: {
    extension: '.csv',
    holds: 'all',
    holdsErrors: true,
    createRenderer: async () => (await import('./csv.js')).createCsvRenderer(),
  },
  coco: {
    extension: '.json',
    holds: 'objects',
    wholeName: 'A COCO document',
    createRenderer: async ({ hasPolygons, things, folders, nameFrame }) =>
      (await import('./coco.js')).createCocoRenderer({
        segmentation: hasPolygons ? 'polygon' : 'rle',
        labels: things,
        folders,
        nameFrame,
      }),
  },
  yolo: {
    extension: '.txt',
    holds: 'objects',
    openFiles: async (place) => (await import('./yolo.js')).createYoloWriter(place),
  },
  html: {
    extension: '.html',
    otherExtensions: ['.htm'],
    holds: 'all',
    holdsErrors: true,
    hasPictures: true,
    createRenderer: async () => (await import('./html.js')).createHtmlRenderer(),
  },
  voc: {
    extension: '.xml',
    holds: 'objects',
    openFiles: async (place) => (await import('./voc.js')).createVocWriter(place),
  },
  srt: {
    extension: '.srt',
    holds: 'frames',
    createRenderer: async () => (await import('./subtitles.js')).createSrtRenderer(),
  },
  vtt: {
    extension: '.vtt',
    holds: 'frames',
    createRenderer: async () => (await import('./subtitles.js')).createVttRenderer(),
  },
  raw: {
    extension: '.txt',
    holds: 'all',
    createRenderer: async (style) => (await import('./raw.js')).createRawRenderer(style),
  },
} satisfies Record<string, DocumentFormat | FilesFormat>;

export type ResultFormat = keyof typeof rows;

/** The names of all formats. */
export const resultFormats = Object.keys(rows) as readonly ResultFormat[];

/** What is known of a format. */
export function formatOf(name: ResultFormat): DocumentFormat | FilesFormat {
  return rows[name];
}

/** Whether a format is a folder of files. */
export function isFilesFormat(format: DocumentFormat | FilesFormat): format is FilesFormat {
  return 'openFiles' in format;
}

/** The format of one file that a path stands for by its extension; undefined for none. */
export function formatOfPath(path: string): ResultFormat | undefined {
  const extension = extname(path).toLowerCase();
  return resultFormats.find((name) => {
    const format = formatOf(name);
    const extensions = [format.extension, ...(format.otherExtensions ?? [])];
    return !isFilesFormat(format) && extensions.includes(extension);
  });
}
