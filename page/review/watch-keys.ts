import type { Mark } from './marks.js';

/** What keys do. */
export interface KeyActions {
  readonly onStep: (by: 1 | -1) => void;
  readonly onMark: (mark: Mark) => void;
}

const steps: Readonly<Record<string, 1 | -1>> = {
  ArrowRight: 1,
  j: 1,
  ArrowLeft: -1,
  k: -1,
};
const markKeys: Readonly<Record<string, Mark>> = { a: 'accepted', r: 'rejected' };

/** Keys work wherever nothing is typed; with Ctrl, Alt or Meta they are the browser's. */
export function watchKeys({ onStep, onMark }: KeyActions): void {
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea');
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
    const by = steps[event.key];
    const mark = markKeys[event.key.toLowerCase()];
    if (by !== undefined) onStep(by);
    else if (mark !== undefined) onMark(mark);
    else return;
    event.preventDefault();
  });
}
