import { element } from './element.js';

/** Let the browser save a file. */
export function saveFile(content: Blob, name: string): void {
  const href = URL.createObjectURL(content);
  element('a', { href, download: name }).click();
  // The download has its own hold on the content once it began.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
