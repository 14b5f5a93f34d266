import { InputError } from '../../../base/errors.js';
import type { CommandAction, SessionCall } from './session-call.js';
import { openBytes, openEach, showPicture } from '../prompts/open-media.js';
import type { Session } from '../state/session.js';
import type { Settings } from '../state/settings.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import { chooseAnswer } from './choose-answer.js';
import { currentPicture, isWholeVideo, type SessionAnswer } from '../state/session-state.js';
import { showVideo } from '../prompts/start-video.js';
import { turnInVideo } from './video-commands.js';

/** The commands that open pictures and videos, and switch between them. */
export const pictureCommands = {
  open,
  paste: async ({ session, line, signal }) => {
    const bytes = await session.host.readClipboard();
    const count = session.state.pictures.filter(({ name }) => name.startsWith('clipboard')).length;
    await openBytes(session, bytes, count === 0 ? 'clipboard' : `clipboard ${count + 1}`, line, signal);
  },
  next: (call) => turn(call, 1),
  prev: (call) => turn(call, -1),
  show: showAgain,
} satisfies Record<string, CommandAction>;

/** `/open` lists what is open, `/open 2` switches to it; write ./2 for a file of that name. */
async function open(call: SessionCall): Promise<void> {
  const { session, words, line, signal } = call;
  const { pictures, current } = session.state;
  if (words.length === 0) {
    if (pictures.length === 0) throw nothingOpen();
    const rows = pictures.map((picture, index): [string, string] => [
      `${index + 1}${index === current ? ' *' : ''}`,
      picture.name,
    ]);
    session.addBlock({ type: 'table', line, rows });
    return;
  }
  const index = words.length === 1 && /^\d{1,3}$/.test(words[0]) ? Number(words[0]) - 1 : -1;
  if (pictures[index] === undefined) return openEach(session, words, line, signal);
  session.store.dispatch({ type: 'turn-to', index });
  await showPicture(session, pictures[index], line);
}

async function turn(call: SessionCall, step: 1 | -1): Promise<void> {
  if (await turnInVideo(call, step)) return;
  const { session, line } = call;
  const { pictures, current } = session.state;
  if (pictures.length < 2) {
    throw new InputError('NO_PICTURE', 'There is no other picture.', {
      hint: 'Open more with /open PATH...',
    });
  }
  const index = (current + step + pictures.length) % pictures.length;
  session.store.dispatch({ type: 'turn-to', index });
  await showPicture(session, pictures[index], line);
}

async function showAgain({ session, line, words }: SessionCall): Promise<void> {
  const { host, state } = session;
  if (words.length > 0) return showAnswer(session, chooseAnswer(state, words, 0).answer, line);
  const picture = currentPicture(state);
  if (picture === undefined) throw nothingOpen();
  const { lastAnswer, settings } = state;
  if (isWholeVideo(picture)) {
    const { timeline } = state;
    const isAnswered = timeline?.info === picture.video.info && timeline.strip.length > 0;
    return showVideo(session, picture, line, isAnswered ? timeline.strip : undefined);
  }
  const detections = lastAnswer?.picture === picture ? (lastAnswer.result.detections ?? []) : [];
  const shown = await host.drawPicture(picture, detections, shownIn(settings));
  session.addBlock({ type: 'picture', line, picture, position: '', shown });
}

/** An earlier answer as it was shown; its picture or video becomes the current one. */
async function showAnswer(session: Session, answer: SessionAnswer, line: string): Promise<void> {
  const { host, state } = session;
  const { picture, result, video, number } = answer;
  session.store.dispatch({ type: 'move', picture });
  if (video !== undefined && isWholeVideo(picture)) return showVideo(session, picture, line, video.strip);
  const { detections = [] } = result;
  const shown = await host.drawPicture(picture, detections, shownIn(state.settings));
  const seconds = result.timings === undefined ? 0 : result.timings.generateMs / 1000;
  session.addBlock({
    type: 'answer',
    ...{ line, result, shown, number, seconds, isCancelled: false, maxTokens: state.settings.maxTokens ?? 0 },
    pictureName: picture.name,
  });
}

/** Who asks to see a picture sees it. */
export function shownIn({ preview }: Settings): ShowWord {
  return preview === 'off' ? 'auto' : preview;
}

function nothingOpen(): InputError {
  return new InputError('NO_PICTURE', 'No picture is open.', { hint: 'Open one with: /open PATH' });
}
