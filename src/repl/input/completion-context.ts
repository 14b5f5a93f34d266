import { deviceNames } from '../../base/dtype.js';
import type { CompletionContext } from './complete-argument.js';
import { printablePath } from '../../render/printable-path.js';
import { listFolder } from './complete-path.js';
import { resultFormats } from '../../render/formats/result-formats.js';
import type { Session } from '../session/state/session.js';

/** What completion may offer in this session. */
export function createCompletionContext(session: Session): CompletionContext {
  return {
    models: () => session.host.listModels(),
    devices: deviceNames,
    exportFormats: resultFormats,
    listFolder,
    get openNames() {
      return session.state.pictures.map(({ name }) => printablePath(name));
    },
    get labels() {
      return session.state.labels;
    },
  };
}
