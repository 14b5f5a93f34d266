import type { RgbImage } from '../../../base/image.js';
import { UsageError } from '../../../base/errors.js';
import { refuseOverInputs } from '../../../base/files/refuse-over-inputs.js';
import { writeOverlay } from '../../../render/drawing/overlay.js';
import { tell, type CommandAction, type SessionCall } from './session-call.js';
import { formatOfPath, resultFormats } from '../../../render/formats/result-formats.js';
import { exportAnswer, saveMasks } from './export-answer.js';
import { resolvePath } from '../prompts/resolve-path.js';
import { saveVideo } from './save-video.js';
import { resultsOf, type LastAnswer } from '../state/session-state.js';

/** Where /masks writes by default. */
const MASKS_FOLDER = 'masks';

/** The commands that write the last answer to files. */
export const saveCommands = {
  save: async (call) => {
    const answer = needAnswer(call);
    const { picture, result, video } = answer;
    const [path] = call.words;
    await refuseOverPictures(call, path);
    const format = formatOfPath(path);
    if (format !== undefined) await exportAnswer(resultsOf(answer), format, path, imageOf(answer));
    else if (video !== undefined) return saveVideo(call, video, path);
    else await writeOverlay(picture.image, result, resolvePath(path));
    tell(call, `Saved ${path}.`);
  },
  masks: async (call) => {
    const results = resultsOf(needAnswer(call));
    const [folder = MASKS_FOLDER] = call.words;
    const count = await saveMasks(results, folder);
    tell(call, `Saved ${count} mask${count === 1 ? '' : 's'} in ${folder}.`);
  },
  export: async (call) => {
    const [format, path] = call.words;
    if (path === undefined) {
      throw new UsageError('COMMAND', '/export needs a format and a file.', {
        hint: `Formats: ${resultFormats.join(', ')}. For example: /export json answer.json`,
      });
    }
    await refuseOverPictures(call, path);
    const answer = needAnswer(call);
    const saved = await exportAnswer(resultsOf(answer), format, path, imageOf(answer));
    tell(call, `Saved ${saved}.`);
  },
} satisfies Record<string, CommandAction>;

/** The picture of an answer, if it is about one. */
function imageOf({ picture, video }: LastAnswer): RgbImage | undefined {
  return video === undefined ? picture.image : undefined;
}

/** @throws {UsageError} the path belongs to an open picture or video. */
async function refuseOverPictures({ session }: SessionCall, path: string): Promise<void> {
  const inputs = session.state.pictures.map(({ name, video }) => resolvePath(video?.path ?? name));
  await refuseOverInputs(resolvePath(path), inputs);
}

function needAnswer({ session }: SessionCall): LastAnswer {
  const { lastAnswer } = session.state;
  if (lastAnswer !== undefined) return lastAnswer;
  throw new UsageError('COMMAND', 'There is no answer yet.', {
    hint: 'Ask something first, such as: detect cat',
  });
}
