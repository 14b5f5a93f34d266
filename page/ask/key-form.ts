import { element } from '../element.js';

const PLACE = 'pali-key';

/** Asks for the server's key, once; it stays until the tab is closed. */
export interface KeyForm {
  readonly node: HTMLElement;
  readonly key: string;
  ask(): void;
}

export function createKeyForm(onKey: () => void): KeyForm {
  let key = sessionStorage.getItem(PLACE) ?? '';
  const input = element('input', {
    type: 'password',
    'aria-label': 'Key',
    autocomplete: 'off',
    placeholder: 'Key of the server',
  });
  const node = element(
    'form',
    {
      class: 'words',
      hidden: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          key = input.value.trim();
          sessionStorage.setItem(PLACE, key);
          node.hidden = true;
          onKey();
        },
      },
    },
    input,
    element('button', { type: 'submit' }, 'Use this key'),
  );
  return {
    node,
    get key() {
      return key;
    },
    ask: () => {
      node.hidden = false;
      input.focus();
    },
  };
}
