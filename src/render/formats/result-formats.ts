import { extname } from 'node:path';
import type { ColorDepth } from '../terminal-picture/encode-blocks.js';
import type { TaskResult } from '../../base/task-result.js';
import type { FilesPlace, FilesWriter } from './files-writer.js';
import type { ResultRenderer } from './result-renderer.js';

/** How results should look. */
export interface RenderStyle {
  readonly withInputName: boolean;
  /** They are printed to a terminal. */
  readonly isTerminal: boolean;
  readonly isColored: boolean;
  /** A picture with the objects in their colours stands above: dots in these colours, of which the terminal has so many. */
  readonly dots?: ColorDepth | undefined;
  /** coco: masks as polygons instead of run lengths. */
  readonly hasPolygons: boolean;
  /** What was searched for: coco's first categories. */
  readonly things: readonly string[];
  /** The folders searched for pictures: coco's picture names are relative to them. */
  readonly folders?: readonly string[];
  /** The name of a video frame's picture, where such pictures are written. */
  readonly nameFrame?: ((result: TaskResult) => string) | undefined;
  /** Their folder. */
  readonly framesFolder?: string | undefined;
}

interface FormatFacts {
  /** Extension of a file that holds a result, including the dot. */
  readonly extension: string;
  /** Other file extensions that select the format. */
  readonly otherExtensions?: readonly string[];
  /** Which results it can hold: all, those that may have objects, or those about video frames. */
  readonly holds: 'all' | 'objects' | 'frames';
  /** Each result is the object of docs/result.schema.json, with its prompt and its tokens. */
  readonly isJson?: boolean;
  /** It includes errors among the results; with other formats they go to stderr. */
  readonly holdsErrors?: boolean;
  /** Set if all results belong in one file, even for many pictures: what messages call that file. */
  readonly wholeName?: string;
  /** It holds objects for other programs to learn or show: only those that were asked for. */
  readonly isDataSet?: boolean;
  /** Its files keep the extension of their picture, `photo.jpg.xmp`, unless another is given. */
  readonly keepsExtension?: boolean;
  /** Its texts and files can have a beginning, an end and an extension of the user's. */
  readonly isSidecar?: boolean;
  /** It includes the pictures. */
  readonly hasPictures?: boolean;
}

/** A format with a single document, or one document per input when writing to a folder. */
export interface DocumentFormat extends FormatFacts {
  readonly createRenderer: (style: RenderStyle) => Promise<ResultRenderer>;
}

/** A format that writes a folder of files. */
export interface FilesFormat extends FormatFacts {
  readonly openFiles: (place: FilesPlace) => Promise<FilesWriter>;
}

/**
 * Every format, in the order of `--format`. A format's code is loaded only when it is used, because every command
 * reads this table. If two formats share an extension, the first one wins.
 */
const rows = {
  text: {
    extension: '.txt',
    holds: 'all',
    isSidecar: true,
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
  'label-studio': {
    extension: '.json',
    holds: 'all',
    isDataSet: true,
    wholeName: 'An import of Label Studio',
    createRenderer: async (style) => (await import('./label-studio.js')).createLabelStudioRenderer(style),
  },
  xmp: {
    extension: '.xmp',
    holds: 'all',
    isDataSet: true,
    keepsExtension: true,
    isSidecar: true,
    openFiles: async (place) => (await import('./xmp/xmp.js')).createXmpWriter(place),
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

/** The details of a format. */
export function formatOf(name: ResultFormat): DocumentFormat | FilesFormat {
  return rows[name];
}

/** Whether a format writes a folder of files. */
export function isFilesFormat(format: DocumentFormat | FilesFormat): format is FilesFormat {
  return 'openFiles' in format;
}

/** The single-file format that a path's extension selects; undefined if there is none. */
export function formatOfPath(path: string): ResultFormat | undefined {
  const extension = extname(path).toLowerCase();
  return resultFormats.find((name) => {
    const format = formatOf(name);
    const extensions = [format.extension, ...(format.otherExtensions ?? [])];
    return !isFilesFormat(format) && extensions.includes(extension);
  });
}
