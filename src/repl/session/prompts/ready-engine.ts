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
  showEngine(session, info);
  return { engine, info };
}

/**
 * Show who answered, after an answer: a server that fails meanwhile is left for the model in this program.
 * @param engine what readyEngine gave.
 */
export async function showAnswering(
  session: Session,
  { engine, info }: Pick<InputQuestion, 'engine' | 'info'>,
  signal: AbortSignal,
): Promise<void> {
  if (info.server === undefined) return;
  const now = await untilAborted(engine.load(), signal);
  if (now.server !== session.state.model.server) showEngine(session, now);
}

function showEngine(session: Session, { device, dtype, server }: InputQuestion['info']): void {
  session.store.dispatch({ type: 'model', model: { device, dtype, server, phase: 'ready' } });
}
