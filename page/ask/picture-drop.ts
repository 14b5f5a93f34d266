import { button, element } from '../element.js';

/** Where pictures and videos come in: dropped anywhere on the page, pasted, or chosen. */
export interface PictureDrop {
  /** The invitation, for a page that has no picture yet. */
  readonly node: HTMLElement;
  /** Let the user choose a file. */
  choose(): void;
}

/** @param onFile gets a file of any kind; what it is shows later. */
export function createPictureDrop(onFile: (file: File) => void): PictureDrop {
  const input = element('input', {
    type: 'file',
    accept: 'image/*,video/*',
    class: 'off-screen',
    tabindex: -1,
    'aria-label': 'Picture or video',
    on: {
      change: () => {
        const file = input.files?.[0];
        // The same file may be chosen again.
        if (file !== undefined) onFile(file);
        input.value = '';
      },
    },
  });
  const choose = (): void => input.click();
  listen(onFile);
  return {
    choose,
    node: element(
      'div',
      { class: 'drop' },
      element('p', { class: 'drop-title' }, 'Drop a picture or a video here'),
      element('p', { class: 'muted' }, 'or paste one'),
      button('Choose a file', choose),
      input,
    ),
  };
}

function listen(onFile: (file: File) => void): void {
  const light = (isOver: boolean): void => void document.body.classList.toggle('is-over', isOver);
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    light(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) light(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    light(false);
    take(event.dataTransfer);
  });
  document.addEventListener('paste', (event) => {
    if (take(event.clipboardData)) event.preventDefault();
  });
  const take = (data: DataTransfer | null): boolean => {
    const file = data?.files[0];
    if (file !== undefined) onFile(file);
    return file !== undefined;
  };
}
