import { stripControl } from '../../base/strip-control.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which allows no control characters and no unpaired surrogates. */
export function escapeXml(text: string): string {
  return stripControl(text)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"]/g, (char) => ENTITIES[char]);
}

/** The same in one line. */
export function escapeXmlLine(text: string): string {
  return escapeXml(text.replace(/\s+/g, ' '));
}
