import { button, element } from './element.js';

/** How long a button says what it did, milliseconds. */
const SAID_MS = 1600;

/** A button that puts a text on the clipboard and says so. */
export function copyButton(label: string, makeText: () => string): HTMLButtonElement {
  const node = button(label, () => {
    void copy(makeText()).then((isCopied) => {
      node.textContent = isCopied ? 'Copied' : 'Cannot copy';
      setTimeout(() => (node.textContent = label), SAID_MS);
    });
  });
  return node;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages from files and from plain addresses have no clipboard of that kind.
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const area = element('textarea', { class: 'off-screen' });
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}
