/** Ways to write results. */
export const resultFormats = ['text', 'json', 'jsonl', 'csv', 'coco', 'yolo', 'srt', 'vtt', 'raw'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** Formats that tell errors among the results; with the others they go to stderr. */
export function holdsErrors(format: ResultFormat): boolean {
  return format === 'json' || format === 'jsonl' || format === 'csv';
}

/** Extension of a file that holds a result in this format, dot included. */
export function extensionOf(format: ResultFormat): string {
  switch (format) {
    case 'text':
    case 'raw':
    case 'yolo':
      return '.txt';
    case 'coco':
      return '.json';
    case 'json':
    case 'jsonl':
    case 'csv':
    case 'srt':
    case 'vtt':
      return `.${format}`;
  }
}
