import type { RgbImage } from '../../../base/image.js';
import { InputError, UsageError } from '../../../base/errors.js';
import { refuseOverInputs } from '../../../base/files/refuse-over-inputs.js';
import { writeOverlay } from '../../../render/drawing/overlay.js';
import { tell, type CommandAction, type SessionCall } from './session-call.js';
import { formatOfPath, resultFormats } from '../../../render/formats/result-formats.js';
import { chooseAnswer } from './choose-answer.js';
import { chooseVideoAnswer } from './choose-video-answer.js';
import { exportAnswer, saveMasks } from './export-answer.js';
import { resolvePath } from '../prompts/resolve-path.js';
import { countObjects } from '../prompts/video-timeline.js';
import { saveVideo } from './save-video.js';
import { resultsOf, type SessionAnswer } from '../state/session-state.js';
import { countNoun } from '../../../render/count-noun.js';

/** Where /masks writes by default. */
const MASKS_FOLDER = 'masks';

/** The commands that write the last answer to files. */
export const saveCommands = {
  save: async (call) => {
    const { answer: chosen, words } = chooseAnswer(call.session.state, call.words, 1);
    const [path] = words;
    const isLast = words.length === call.words.length;
    const answer = (isLast ? chooseVideoAnswer(call.session.state, path) : undefined) ?? chosen;
    const { picture, result, video } = answer;
    await refuseOverPictures(call, path);
    const format = formatOfPath(path);
    if (format !== undefined) await exportAnswer(resultsOf(answer), format, path, imageOf(answer));
    else if (picture.video?.stream !== undefined) throw refuseCopy(picture.name);
    else if (video !== undefined) await saveVideo(call, video, path);
    else {
      await writeOverlay(picture.image, result, resolvePath(path));
      if (result.detections?.length === 0)
        return tell(call, `Saved ${path}, without boxes: nothing was found.`);
    }
    tell(call, describeSaved(path, answer, chosen));
  },
  masks: async (call) => {
    const { answer, words } = chooseAnswer(call.session.state, call.words, 0);
    const results = resultsOf(answer);
    const [folder = MASKS_FOLDER] = words;
    const count = await saveMasks(results, folder);
    tell(call, `Saved ${countNoun(count, 'mask')} in ${folder}.`);
  },
  answers: (call) => {
    const { session, line } = call;
    const { answers } = session.state;
    if (answers.length === 0) return tell(call, 'There are no answers yet.');
    const rows = answers.map((answer): [string, string] => [
      `${answer.number}  ${answer.line.replace(/\s+/g, ' ').trim()}`,
      `${answer.picture.name}: ${summarizeAnswer(answer)}`,
    ]);
    session.addBlock({ type: 'table', line, rows });
  },
  export: async (call) => {
    const { answer, words } = chooseAnswer(call.session.state, call.words, 2);
    const [format, path] = words;
    if (path === undefined) {
      throw new UsageError('COMMAND', '/export needs a format and a file.', {
        hint: `Formats: ${resultFormats.join(', ')}. For example: /export json answer.json`,
      });
    }
    await refuseOverPictures(call, path);
    const saved = await exportAnswer(resultsOf(answer), format, path, imageOf(answer));
    tell(call, `Saved ${saved}.`);
  },
} satisfies Record<string, CommandAction>;

/** Says which answer was saved if it is not the one that stands last. */
function describeSaved(path: string, answer: SessionAnswer, chosen: SessionAnswer): string {
  return answer === chosen ? `Saved ${path}.` : `Saved ${path}, with answer ${answer.number}.`;
}

function refuseCopy(name: string): InputError {
  return new InputError('NO_VIDEO', `${name} was live: its pictures are not kept, only the answers.`, {
    hint: 'Save those: /save answers.json, .csv, .srt or .vtt',
  });
}

/** Longest piece of a text in a list, characters. */
const MAX_TEXT = 60;

/** What an answer says, in a few words. */
function summarizeAnswer({ result, video }: SessionAnswer): string {
  if (video !== undefined) return countNoun(video.frames.length, 'frame');
  const { detections, text = '' } = result;
  if (detections === undefined) return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
  const counts = countObjects(result, []).map(({ label, count }) =>
    count === 1 ? label : `${count} ${label}`,
  );
  return counts.join(', ') || 'none found';
}

/** The picture of an answer, if it is about one. */
function imageOf({ picture, video }: SessionAnswer): RgbImage | undefined {
  return video === undefined ? picture.image : undefined;
}

/** @throws {UsageError} the path belongs to an open picture or video. */
async function refuseOverPictures({ session }: SessionCall, path: string): Promise<void> {
  const inputs = session.state.pictures.map(({ name, video }) => resolvePath(video?.path ?? name));
  await refuseOverInputs(resolvePath(path), inputs);
}
