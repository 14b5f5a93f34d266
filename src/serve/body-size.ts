import { HttpError } from './http-error.js';

/** Largest body, bytes: a 40-megapixel photo as base64. */
export const MAX_BODY_BYTES = 64 * 2 ** 20;

/** The error for a larger one. */
export function bodyTooLarge(): HttpError {
  return new HttpError(413, 'BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES / 2 ** 20} MB.`, {
    hint: 'Make the pictures smaller; the model sees them at 224 to 896 pixels.',
  });
}
