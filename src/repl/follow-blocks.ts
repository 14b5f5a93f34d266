import type { Session } from './session/state/session.js';
import type { Block } from './session/state/session-state.js';

/** Give each new block to `show`, in order. */
export function followBlocks(session: Session, show: (block: Block) => void): void {
  let shown = session.state.blocks.length;
  session.store.subscribe(() => {
    const { blocks } = session.state;
    while (shown < blocks.length) show(blocks[shown++]);
  });
}
