import { createPageDocument, dataBlock } from './page-document.js';

/** Pictures in one page, characters: beyond this browsers become slow. About 1,000 pictures. */
const MAX_PICTURE_CHARACTERS = 100 * 2 ** 20;

/** The page of results, piece by piece: `start`, then what it holds, then `end`. */
export interface ReportWriter {
  /** What the page may load, for the header of an answer. */
  readonly contentSecurityPolicy: string;
  start(): string;
  /** Whether there is room for more pictures; when there is none, those to come are counted as left out. */
  hasRoom(): boolean;
  /**
   * @param result an object as docs/result.schema.json has it.
   * @param picture a data URI, or an address that the page's own server has; undefined where there is none.
   */
  result(result: object, picture?: string): string;
  note(sentence: string): string;
  end(): string;
}

/**
 * Pictures that would make the page too large are left out, and the page says so.
 * @param isServed pictures come from the page's own server, so there may be any number.
 */
export function createReportWriter({
  isServed = false,
  maxPictureCharacters = MAX_PICTURE_CHARACTERS,
} = {}): ReportWriter {
  const page = createPageDocument({
    title: 'Results · pali',
    name: 'review',
    allows: { 'img-src': isServed ? "'self' data:" : 'data:' },
  });
  let characters = 0;
  let leftOut = 0;
  const note = (sentence: string): string => dataBlock('note', sentence);
  return {
    contentSecurityPolicy: page.contentSecurityPolicy,
    start: () => page.head,
    hasRoom: () => {
      if (leftOut > 0) leftOut++;
      return leftOut === 0;
    },
    result: (result, picture) => {
      const isTooMuch =
        picture !== undefined && !isServed && characters + picture.length > maxPictureCharacters;
      if (isTooMuch) leftOut++;
      const shown = isTooMuch ? undefined : picture;
      characters += shown?.length ?? 0;
      return dataBlock('result', { ...result, picture: shown });
    },
    note,
    end: () => `${leftOut === 0 ? '' : note(describeLeftOut(leftOut))}${page.tail}`,
  };
}

function describeLeftOut(count: number): string {
  const which = count === 1 ? 'The last picture is' : `The last ${count} pictures are`;
  return `${which} not in this page, as it would be too large for a browser. pali review shows results of any number.`;
}
