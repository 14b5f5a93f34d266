import { embedPicture } from '../../render/report/embed-picture.js';
import { createReportWriter } from '../../render/report/report-writer.js';
import type { OpenResultPicture } from './open-result-picture.js';
import type { ResultFile } from './read-result-file.js';

/**
 * The results page as a single file, in pieces. A picture that cannot be opened is left out.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* writeReview(
  { results, problems }: ResultFile,
  openPicture: OpenResultPicture,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const writer = createReportWriter();
  yield writer.start();
  for (const problem of problems) yield writer.note(problem);
  let missing = 0;
  for (const result of results) {
    signal.throwIfAborted();
    if (result.error !== undefined || !writer.hasRoom()) {
      yield writer.result(result);
      continue;
    }
    const picture = await openPicture(result, signal).then(embedPicture, () => undefined);
    if (picture === undefined) missing++;
    yield writer.result(result, picture);
  }
  if (missing > 0) yield writer.note(`${missing} of ${results.length} pictures could not be opened.`);
  yield writer.end();
}
