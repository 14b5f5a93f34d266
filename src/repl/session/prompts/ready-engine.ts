import type { InputQuestion } from '../../../tasks/answers/answer-input.js';
import type { Session } from '../state/session.js';
import { untilAborted } from '../state/until-aborted.js';

/**
 * The session's engine with its model loaded, which the status line then shows.
 * @throws {CancelledError} `signal` was aborted. {ModelError} {EngineError} and others: there is no model, or it cannot
 * be loaded.
 */
export async function readyEngine(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<InputQuestion, 'engine' | 'info'>> {
  const { engine } = await untilAborted(session.model.find(), signal);
  const info = await untilAborted(engine.load(), signal);
  const { device, dtype, server } = info;
  session.store.dispatch({ type: 'model', model: { device, dtype, server, phase: 'ready' } });
  return { engine, info };
}
