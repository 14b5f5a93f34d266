import type { PictureSource } from '../../tasks/inputs/task-input.js';
import { badRequest } from '../http-error.js';
import { readPicture } from '../read-picture.js';

/** What a conversation boils down to: PaliGemma answers one prompt. */
export interface LastPrompt {
  readonly text: string;
  readonly pictures: readonly PictureSource[];
}

/** How one API names the parts of a message. */
export interface PartNames {
  /** Field of the request that holds the messages. */
  readonly field: string;
  readonly text: string;
  readonly image: string;
}

/**
 * The text of the user's last message, and its pictures; or those of the last message that has any.
 * @throws {HttpError} there is no text, or part of a user message is not understood.
 */
export function readMessages(
  messages: readonly Readonly<Record<string, unknown>>[],
  names: PartNames,
  allowsPrivate: boolean,
): LastPrompt {
  const users = messages.flatMap(({ role, content }, i) =>
    role === 'user' ? [readContent(content, `${names.field}.${i}.content`, names, allowsPrivate)] : [],
  );
  const last = users.at(-1);
  if (last === undefined) throw badRequest('There is no user message.', names.field);
  if (last.text.trim() === '') throw badRequest('The last message of the user has no text.', names.field);
  const pictures = users.filter((user) => user.pictures.length > 0).at(-1)?.pictures ?? [];
  if (pictures.length > 0) return { text: last.text, pictures };
  throw badRequest(
    'There is no picture: PaliGemma answers only about pictures.',
    names.field,
    `Add a part of type ${names.image}.`,
  );
}

function readContent(content: unknown, field: string, names: PartNames, allowsPrivate: boolean): LastPrompt {
  if (typeof content === 'string') return { text: content, pictures: [] };
  if (!Array.isArray(content)) throw badRequest(`${field} is neither a text nor a list of parts.`, field);
  const texts: string[] = [];
  const pictures: PictureSource[] = [];
  for (const [i, part] of (content as unknown[]).entries()) {
    const at = `${field}.${i}`;
    const { type, text, image_url: image } = (part ?? {}) as Record<string, unknown>;
    const url =
      typeof image === 'object' && image !== null ? (image as Record<string, unknown>)['url'] : image;
    if (type === names.text && typeof text === 'string') texts.push(text);
    else if (type === names.image && typeof url === 'string') {
      pictures.push(readPicture(url, `${at}.image_url`, allowsPrivate));
    } else throw unknownPart(type, at, names);
  }
  return { text: texts.join('\n'), pictures };
}

function unknownPart(type: unknown, at: string, names: PartNames): Error {
  const isKnown = type === names.text || type === names.image;
  const what =
    typeof type !== 'string'
      ? 'A part without a type'
      : isKnown
        ? `A part of type '${type}' without its content`
        : `A part of type '${type.slice(0, 60)}'`;
  return badRequest(
    `${what} is not understood at ${at}.`,
    at,
    `There are: ${names.text} with text, ${names.image} with image_url.`,
  );
}
