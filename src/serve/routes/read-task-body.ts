import { basename } from 'node:path';
import type { Context } from 'hono';
import { stripControl } from '../../base/strip-control.js';
import type { TaskInput } from '../../tasks/inputs/task-input.js';
import { badRequest, HttpError } from '../http-error.js';
import { readJson } from '../read-json.js';
import { readPicture } from '../read-picture.js';
import type { ServeEnv } from '../serve-context.js';

/** Fields that hold pictures. */
const PICTURE_FIELDS = ['image', 'images'];
/** The most pictures in one request: each one has to be decoded. */
const MAX_PICTURES = 64;
const MAX_NAME = 200;

/** A request's pictures, one per input, and everything else in it. */
export interface TaskBody {
  readonly inputs: readonly TaskInput[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A form with files, or JSON with data URIs and addresses.
 * @throws {HttpError} it is neither, there is no picture, or there are too many.
 */
export async function readTaskBody(c: Context<ServeEnv>, allowsPrivate: boolean): Promise<TaskBody> {
  const isForm = /^multipart\/form-data/i.test(c.req.header('content-type') ?? '');
  const fields = isForm ? await readForm(c) : await readJson(c);
  const pictures = PICTURE_FIELDS.flatMap((name) => [fields[name] ?? []].flat());
  if (pictures.length === 0) {
    throw badRequest(
      'There is no picture: PaliGemma answers only about pictures.',
      'image',
      'Add it as image: a file of a form, or in JSON a data URI or an address.',
    );
  }
  if (pictures.length > MAX_PICTURES) {
    throw badRequest(`One request takes at most ${MAX_PICTURES} pictures, not ${pictures.length}.`, 'image');
  }
  const inputs: TaskInput[] = [];
  for (const [i, picture] of pictures.entries())
    inputs.push(await toInput(picture, i, pictures.length, allowsPrivate));
  const options = Object.entries(fields).filter(([name]) => !PICTURE_FIELDS.includes(name));
  return { inputs, options: Object.fromEntries(options) };
}

async function readForm(c: Context<ServeEnv>): Promise<Record<string, unknown>> {
  try {
    return await c.req.parseBody({ all: true });
  } catch {
    throw new HttpError(400, 'INVALID_FORM', 'The body is not a form as multipart/form-data.');
  }
}

async function toInput(
  picture: unknown,
  index: number,
  count: number,
  allowsPrivate: boolean,
): Promise<TaskInput> {
  const usual = count === 1 ? 'image' : `image ${index + 1}`;
  if (picture instanceof Blob) {
    const name = 'name' in picture && typeof picture.name === 'string' ? basename(picture.name) : '';
    return {
      name: stripControl(name).slice(0, MAX_NAME) || usual,
      pictures: [new Uint8Array(await picture.arrayBuffer())],
    };
  }
  if (typeof picture !== 'string') throw badRequest('A picture is neither a file nor a text.', 'image');
  const source = readPicture(picture, 'image', allowsPrivate);
  return {
    name: typeof source === 'function' ? stripControl(picture).slice(0, MAX_NAME) : usual,
    pictures: [source],
  };
}
