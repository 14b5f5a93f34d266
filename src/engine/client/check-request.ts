import { InputError, UsageError } from '../../base/errors.js';
import type { EngineRequest } from '../engine.js';
import { MAX_ALTERNATIVES, MAX_IMAGES, MAX_NEW_TOKENS } from '../messages.js';

/**
 * Refuse a request that no engine can answer, in the user's terms and before it costs anything. The prompt itself is
 * checked by build-prompt, which has the tokenizer.
 * @throws {InputError} no picture, or too many. {UsageError} a setting out of its range.
 */
export function checkRequest(request: EngineRequest): void {
  if (request.images.length === 0) {
    throw new InputError('IMAGE_MISSING', 'There is no picture: PaliGemma answers only about pictures.', {
      hint: 'Name a picture after the prompt.',
    });
  }
  if (request.images.length > MAX_IMAGES) {
    throw new InputError(
      'TOO_MANY_IMAGES',
      `One prompt takes at most ${MAX_IMAGES} pictures, not ${request.images.length}.`,
    );
  }
  for (const { side, data } of request.images) {
    if (data.length !== side * side * 3) {
      throw new InputError(
        'IMAGE_SIZE',
        `A picture of ${side} x ${side} pixels has ${side * side * 3} bytes, not ${data.length}.`,
      );
    }
  }
  checkWhole('max tokens', request.maxTokens, 1, MAX_NEW_TOKENS);
  checkWhole('alternatives', request.alternatives, 0, MAX_ALTERNATIVES);
  const { temperature, topP, seed } = request.sampling;
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw outOfRange('temperature', '0 or more', temperature);
  }
  if (!(topP > 0 && topP <= 1)) throw outOfRange('top-p', 'above 0 and at most 1', topP);
  if (!Number.isSafeInteger(seed)) throw outOfRange('seed', 'a whole number', seed);
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw outOfRange(name, `a whole number from ${least} to ${most}`, value);
  }
}

function outOfRange(name: string, expected: string, value: number): UsageError {
  return new UsageError('OPTION_OUT_OF_RANGE', `Expected ${name} to be ${expected}, got ${value}.`);
}
