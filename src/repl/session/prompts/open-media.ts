import { isPictureUrl } from '../../../net/is-http-url.js';
import { openVideo } from '../../../tasks/inputs/open-video.js';
import { resolvePath } from './resolve-path.js';
import type { Session } from '../state/session.js';
import { isWholeVideo, type OpenPicture } from '../state/session-state.js';
import { showVideo, startVideo } from './start-video.js';
import { untilAborted } from '../state/until-aborted.js';

/** Open pictures and videos, recognized by their content, one after the other; the last one becomes current. */
export async function openMedia(
  session: Session,
  paths: readonly string[],
  line: string | undefined,
  signal: AbortSignal,
): Promise<OpenPicture[]> {
  const opened: OpenPicture[] = [];
  for (const path of paths) {
    const source = resolvePath(path);
    const ofFirst = opened.length === 0 ? line : undefined;
    const work = isPictureUrl(source) ? undefined : openVideo(source, signal);
    const info = work && (await untilAborted(work, signal));
    if (info === undefined) {
      opened.push(await openSource(session, source, path, ofFirst, signal));
    } else {
      const picture = await startVideo(session, { info, path: source, name: path }, ofFirst, signal);
      session.store.dispatch({ type: 'open', picture });
      await showPicture(session, picture, ofFirst);
      opened.push(picture);
    }
  }
  return opened;
}

/** The same, but those that cannot be opened are reported, and the others are still opened. */
export async function openEach(
  session: Session,
  paths: readonly string[],
  line: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, path] of paths.entries()) {
    const ofFirst = index === 0 ? line : undefined;
    try {
      await openMedia(session, [path], ofFirst, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      session.addError(error, ofFirst);
    }
  }
}

/** Open one picture, from a path, an address or bytes, and show it. */
export async function openSource(
  session: Session,
  source: string | Uint8Array,
  name: string,
  line: string | undefined,
  signal: AbortSignal,
): Promise<OpenPicture> {
  const prepared = await untilAborted(session.host.openPicture(source, name, signal), signal);
  const picture = { ...prepared, name };
  session.store.dispatch({ type: 'open', picture });
  await showPicture(session, picture, line);
  return picture;
}

/** Show a picture, a video or a frame of one, in a block. */
export async function showPicture(
  session: Session,
  picture: OpenPicture,
  line: string | undefined,
): Promise<void> {
  if (isWholeVideo(picture)) {
    return showVideo(session, picture, line);
  }
  const { pictures, current, settings } = session.state;
  const position = pictures.length > 1 ? `${current + 1} of ${pictures.length}` : '';
  const shown = await session.host.drawPicture(picture, [], settings.preview);
  session.addBlock({ type: 'picture', line, picture, position, shown });
}
