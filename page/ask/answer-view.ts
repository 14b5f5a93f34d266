import { askedThings } from '../../src/render/drawing/asked-things.js';
import { createLabelColors } from '../color-of-label.js';
import { copyButton } from '../copy-button.js';
import { button, element } from '../element.js';
import { createObjectLayer, type Shape } from '../object-layer.js';
import { createObjectRows } from '../object-rows.js';
import { toJson, type ResultItem } from '../result-item.js';
import type { ChosenPicture } from './chosen-picture.js';
import { savePicture } from './save-picture.js';

/** The picture on the stage, and the answer about it. */
export interface AnswerView {
  readonly stage: HTMLElement;
  readonly answer: HTMLElement;
  showPicture(picture: ChosenPicture): void;
  /** Take the answer back. */
  clear(): void;
  /** @param isDone nothing more comes: it can be copied and saved. */
  showAnswer(item: ResultItem, isDone: boolean): void;
  /** A sentence in the answer's place; empty to take it back. */
  say(sentence: string, isProblem?: boolean): void;
}

export function createAnswerView(): AnswerView {
  let picture: ChosenPicture | undefined;
  let item: ResultItem | undefined;
  let shapes: readonly Shape[] = [];
  const onMark = (index: number | undefined): void => {
    layer.mark(index);
    rows.mark(index);
  };
  const layer = createObjectLayer(true, onMark);
  const rows = createObjectRows({ onMark });
  const text = element('p', { class: 'answer' });
  const status = element('p', { class: 'status', role: 'status' });
  const save = button('Save picture', () => void (picture && savePicture(picture, shapes)));
  const actions = element(
    'p',
    { class: 'actions', hidden: true },
    copyButton('Copy JSON', () => (item === undefined ? '' : toJson(item))),
    save,
  );
  const stage = element('div', { class: 'stage' });
  const draw = (next: ResultItem | undefined): void => {
    item = next;
    const colorOf = createLabelColors(next === undefined ? [] : askedThings(next));
    shapes = (next?.detections ?? []).map((object, index) => ({ object, index, color: colorOf(object) }));
    const size = next?.image ?? picture?.size;
    if (size !== undefined) layer.draw(shapes, size);
    rows.show(shapes);
    text.textContent = shapes.length > 0 ? '' : (next?.text ?? '');
  };
  return {
    stage,
    answer: element('div', { class: 'answer-box' }, status, text, rows.node, actions),
    showPicture: (next) => {
      picture = next;
      actions.hidden = true;
      draw(undefined);
      const shown =
        next.size === undefined
          ? element('div', { class: 'ground' }, 'The browser cannot show this picture.')
          : element('img', { src: next.url, alt: next.name, ...next.size });
      stage.replaceChildren(element('figure', { class: 'picture' }, shown, layer.node));
    },
    clear: () => {
      actions.hidden = true;
      draw(undefined);
    },
    showAnswer: (next, isDone) => {
      draw(next);
      actions.hidden = !isDone;
      save.hidden = picture?.size === undefined;
      const isEmpty = shapes.length === 0 && (next.text ?? '') === '';
      status.classList.remove('is-error');
      status.textContent = !isDone
        ? 'Looking …'
        : next.truncated
          ? 'Cut at the token limit.'
          : isEmpty
            ? 'Nothing found.'
            : '';
    },
    say: (sentence, isProblem = false) => {
      status.textContent = sentence;
      status.classList.toggle('is-error', isProblem);
    },
  };
}
