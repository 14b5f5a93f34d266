import { EngineError, PaliError } from '../../base/errors.js';

/**
 * Call the model; what it throws becomes an error that a user may see. Errors in our own code around it remain bugs.
 * @throws {EngineError} the call failed.
 */
export async function callModel<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PaliError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new EngineError('ENGINE_RUN_FAILED', `The model failed: ${message}`, { cause: error });
  }
}
