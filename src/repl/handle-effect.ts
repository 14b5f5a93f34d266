import { complete } from './input/complete.js';
import type { CompletionContext } from './input/complete-argument.js';
import type { FrameOutput } from './screen/terminal/frame-output.js';
import type { InputEffect } from './input/input-state.js';
import type { LineQueue } from './session/line-queue.js';
import { takeItem } from './input/reduce-menu.js';
import { createSecondInterrupt } from './second-interrupt.js';
import type { Session } from './session/state/session.js';
import type { Store } from './session/state/store.js';
import type { UiAction, UiState } from './screen/ui-state.js';

/** What effects act on. */
export interface EffectTargets {
  readonly session: Session;
  readonly queue: LineQueue;
  readonly ui: Store<UiState, UiAction>;
  readonly output: Pick<FrameOutput, 'clearScreen'>;
  readonly completion: CompletionContext;
  readonly leave: () => void;
  readonly suspend: () => void;
}

/** Carries out what keys mean beyond the input line. */
export function createEffectHandler(targets: EffectTargets): (effect: InputEffect) => void {
  const { session, queue, ui, output } = targets;
  const isSecondInterrupt = createSecondInterrupt(() => session.host.now());
  const interrupt = (): void => {
    if (isSecondInterrupt()) return targets.leave();
    const hasText = ui.get().input.editor.text !== '';
    if (queue.cancel()) {
      const dropped = session.state.notice;
      session.store.dispatch({ type: 'notice', text: dropped ?? 'Stopped. Ctrl-C again leaves.' });
      return;
    }
    if (hasText) ui.dispatch({ type: 'clear-line' });
    session.store.dispatch({ type: 'notice', text: 'Ctrl-C again leaves.' });
  };
  return (effect) => {
    switch (effect.type) {
      case 'submit':
        void queue.submit(effect.line);
        return;
      case 'interrupt':
        return interrupt();
      case 'stop':
        queue.cancel();
        return;
      case 'pause':
        if (session.togglePause()) ui.dispatch({ type: 'clear-line' });
        return;
      case 'leave':
        return targets.leave();
      case 'suspend':
        return targets.suspend();
      case 'clear':
        return output.clearScreen();
      case 'complete':
        void openMenu(targets, effect.isExplicit);
    }
  };
}

async function openMenu({ ui, completion }: EffectTargets, isExplicit: boolean): Promise<void> {
  const { text, cursor } = ui.get().input.editor;
  const menu = await complete(text, cursor, completion, isExplicit);
  // One answer needs no menu: Tab takes it.
  ui.dispatch({ type: 'menu', menu, text, cursor });
  if (isExplicit && menu?.items.length === 1) takeOnly(ui);
}

function takeOnly(ui: Store<UiState, UiAction>): void {
  const { input } = ui.get();
  if (input.menu === undefined || input.menu.items.length !== 1) return;
  ui.dispatch({ type: 'input', input: takeItem(input, input.menu).input });
}
