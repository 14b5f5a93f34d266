import { isPictureUrl } from '../../../net/is-http-url.js';
import { openVideo } from '../../../tasks/inputs/open-video.js';
import { InputError } from '../../../base/errors.js';
import { hidePassword } from '../../../base/hide-password.js';
import { isLiveName, openLive } from '../../../tasks/inputs/open-live.js';
import { shrinkFrame } from '../../../tasks/videos/take-frame.js';
import { expandPaths, type ExpandedPaths, type NamedMedia } from './expand-paths.js';
import { MAX_PICTURES } from '../state/reduce-session.js';
import type { Session } from '../state/session.js';
import { isWholeVideo, type OpenPicture } from '../state/session-state.js';
import { showVideo, startVideo } from './start-video.js';
import { untilAborted } from '../state/until-aborted.js';

/** How something is opened. */
interface Opening {
  /** The line that asked for it, for the first block; undefined for none. */
  readonly line: string | undefined;
  /** Do not show it. */
  readonly isQuiet: boolean;
  readonly signal: AbortSignal;
}

/**
 * Open pictures and videos, recognized by their content, one after the other; the last one becomes current. A folder
 * stands for its pictures and videos, a pattern for the files that match; those are not shown one by one.
 *
 * @throws {InputError} one cannot be opened: none after it is.
 */
export async function openMedia(
  session: Session,
  paths: readonly string[],
  line: string | undefined,
  signal: AbortSignal,
): Promise<OpenPicture[]> {
  const { media, hasSeveral } = await expand(session, paths, signal);
  const opened: OpenPicture[] = [];
  for (const one of media) {
    const ofFirst = opened.length === 0 ? line : undefined;
    opened.push(await openOne(session, one, { line: ofFirst, isQuiet: hasSeveral, signal }));
  }
  return opened;
}

/**
 * The same, but those that cannot be opened are reported, and the others are still opened. Of several
 * the first is shown and becomes current.
 */
export async function openEach(
  session: Session,
  paths: readonly string[],
  line: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { media } = await expand(session, paths, signal);
  const hasSeveral = media.length > 1;
  if (hasSeveral) {
    session.store.dispatch({
      type: 'run',
      run: { line: line ?? '', step: 'opening the picture', isObjectTask: false },
    });
  }
  const opened: OpenPicture[] = [];
  for (const [index, one] of media.entries()) {
    const ofFirst = index === 0 ? line : undefined;
    try {
      opened.push(await openOne(session, one, { line: ofFirst, isQuiet: hasSeveral, signal }));
    } catch (error) {
      if (signal.aborted) throw error;
      session.addError(error, ofFirst);
    }
  }
  const [first] = opened;
  if (!hasSeveral || first === undefined) return;
  const index = session.state.pictures.findIndex(({ name }) => name === first.name);
  session.store.dispatch({ type: 'turn-to', index });
  await showPicture(session, session.state.pictures[index], line);
  if (opened.length < 2) return;
  const text = `${opened.length} are open: /next and /prev go through them, /open lists them.`;
  session.addBlock({ type: 'note', text, tone: 'dim' });
}

/** As many as a session keeps open, with a note where there are more. */
async function expand(
  session: Session,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ExpandedPaths> {
  const note = (text: string): void => session.addBlock({ type: 'note', text, tone: 'warning' });
  const { media, hasSeveral } = await untilAborted(expandPaths(paths, note), signal);
  if (!hasSeveral || media.length <= MAX_PICTURES) return { media, hasSeveral };
  note(
    `These are ${media.length}; the first ${MAX_PICTURES} are opened. On the command line a task takes them all: pali detect cat ${paths.join(' ')}`,
  );
  return { media: media.slice(0, MAX_PICTURES), hasSeveral };
}

async function openOne(
  session: Session,
  { name, source }: NamedMedia,
  { line, isQuiet, signal }: Opening,
): Promise<OpenPicture> {
  if (typeof source !== 'string') throw source;
  if (isLiveName(source)) return openCamera(session, { name, source }, { line, isQuiet, signal });
  const work = isPictureUrl(source) ? undefined : openVideo(source, signal);
  const info = work && (await untilAborted(work, signal));
  const picture =
    info === undefined
      ? await readPicture(session, source, name, signal)
      : await startVideo(session, { info, path: source, name }, line, signal);
  session.store.dispatch({ type: 'open', picture });
  if (!isQuiet) await showPicture(session, picture, line);
  return picture;
}

/** Open a camera or a stream, and show its first frame. */
async function openCamera(
  session: Session,
  { name, source }: { readonly name: string; readonly source: string },
  { line, isQuiet, signal }: Opening,
): Promise<OpenPicture> {
  session.store.dispatch({
    type: 'run',
    run: { isObjectTask: false, ...session.state.run, line: line ?? '', step: 'opening the video' },
  });
  const { allowsPrivateUrls: allowsPrivate } = session.state.settings;
  const work = openLive(source, { allowsPrivate, signal }).catch(nameSetting);
  const { stream, info, poster } = await untilAborted(work, signal);
  const { width, height } = poster.image;
  const size = { width, height };
  const strip = [{ timeSeconds: 0, image: await shrinkFrame(poster.thumbnail), detections: [], size }];
  const shown = hidePassword(name);
  const picture = { ...poster, name: shown, video: { info, path: shown, stream, poster, strip } };
  session.store.dispatch({ type: 'open', picture });
  if (!isQuiet) await showPicture(session, picture, line);
  return picture;
}

/** A session has a setting where the command line has an option. */
function nameSetting(error: unknown): never {
  if (!(error instanceof InputError) || error.code !== 'URL_PRIVATE') throw error;
  throw new InputError(error.code, error.message, {
    hint: 'Cameras of your own network open after: /set private-urls on',
  });
}

/** Open one picture, from bytes, and show it. */
export async function openBytes(
  session: Session,
  bytes: Uint8Array,
  name: string,
  line: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const picture = await readPicture(session, bytes, name, signal);
  session.store.dispatch({ type: 'open', picture });
  await showPicture(session, picture, line);
}

async function readPicture(
  session: Session,
  source: string | Uint8Array,
  name: string,
  signal: AbortSignal,
): Promise<OpenPicture> {
  return { ...(await untilAborted(session.host.openPicture(source, name, signal), signal)), name };
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
