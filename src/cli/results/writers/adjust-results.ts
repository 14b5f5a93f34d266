import { keepAsked } from '../../../render/formats/keep-asked.js';
import type { ResultWriter, ResultWriterOptions } from './result-writer.js';

/** How many labels a note names. */
const NAMED_LABELS = 5;

/** Turns answers into captions for training: adds text before and after each. */
export function withText(
  writer: ResultWriter,
  { prefix = '', suffix = '' }: Pick<ResultWriterOptions, 'prefix' | 'suffix'>,
): ResultWriter {
  if (prefix + suffix === '') return writer;
  return {
    ...writer,
    write: (result, ...place) => {
      const text = result.text === undefined ? undefined : `${prefix}${result.text}${suffix}`;
      return writer.write({ ...result, ...(text !== undefined && { text }) }, ...place);
    },
  };
}

/** Data sets have only the classes that were asked for. */
export function withAskedObjects(
  writer: ResultWriter,
  { things, onNote }: Pick<ResultWriterOptions, 'things' | 'onNote'>,
): ResultWriter {
  const others = new Map<string, number>();
  return {
    ...writer,
    write: (result, ...place) => {
      const asked = keepAsked(result, things);
      for (const { label } of asked.leftOut) others.set(label, (others.get(label) ?? 0) + 1);
      return writer.write(asked.result, ...place);
    },
    end: async (ending) => {
      await writer.end(ending);
      if (others.size === 0) return;
      const rows = [...others].slice(0, NAMED_LABELS).map(([label, count]) => `${count} "${label}"`);
      const rest = others.size > NAMED_LABELS ? ` and of ${others.size - NAMED_LABELS} other labels` : '';
      onNote?.(`left out, as nobody asked for them: ${rows.join(', ')}${rest}.`);
    },
  };
}
