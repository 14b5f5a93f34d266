import { InputError } from '../../../base/errors.js';
import { isObjectTask } from '../../../base/task-name.js';
import { parseTaskLine } from '../../../tasks/prompts/parse-task-line.js';
import { answerPictures } from './answer-pictures.js';
import { openEach, openMedia } from './open-media.js';
import { refuseShellLine } from './refuse-shell-line.js';
import { runVideoPrompt } from './run-video-prompt.js';
import type { Session } from '../state/session.js';
import { currentPicture, isWholeVideo } from '../state/session-state.js';

/**
 * Answer a line: open the pictures that it names, then run its task on them, one after the other. `ask` puts
 * several into one prompt. A video is answered sample by sample, unless one of its frames was chosen. If the line
 * names no pictures, it is about the current one; if it has no text, its pictures are only opened.
 *
 * @throws {InputError} no picture is open. {UsageError} the line is wrong. {CancelledError} it was stopped before
 * the first token. {EngineError} and others: the answer failed.
 */
export async function runPrompt(
  session: Session,
  { text, paths }: { readonly text: string; readonly paths: readonly string[] },
  line: string,
  signal: AbortSignal,
): Promise<void> {
  if (text === '') return openEach(session, paths, line, signal);
  refuseShellLine(text);
  const { language, isPerClass } = session.state.settings;
  const task = parseTaskLine(text, language, isPerClass);
  session.store.dispatch({ type: 'prompted', line, labels: task.things ?? [] });
  session.store.dispatch({
    type: 'run',
    run: {
      line,
      step: paths.length > 0 ? 'opening the picture' : 'loading the model',
      isObjectTask: isObjectTask(task.name),
    },
  });
  const opened = await openMedia(session, paths, undefined, signal);
  const current = currentPicture(session.state);
  if (current === undefined) {
    throw new InputError('NO_PICTURE', 'No picture is open.', {
      hint: 'Drop a file here, type @ and a path, or /open PATH.',
    });
  }
  const pictures = opened.length === 0 ? [current] : opened;
  const isTogether = task.name === 'ask' && !pictures.some(isWholeVideo);
  const groups = isTogether ? [pictures] : pictures.map((picture) => [picture]);
  for (const group of groups) {
    const [first] = group;
    session.store.dispatch({
      type: 'run',
      run: { line, step: 'loading the model', isObjectTask: isObjectTask(task.name) },
    });
    const call = { line, isOneOfSeveral: pictures.length > 1 };
    const isWhole = isWholeVideo(first)
      ? await runVideoPrompt(session, task, first, call, signal)
      : await answerPictures(session, task, group, call, signal);
    if (!isWhole) return;
  }
}
