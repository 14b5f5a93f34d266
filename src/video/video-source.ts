import { basename } from 'node:path';
import { stripControl } from '../base/strip-control.js';

/** Something that ffmpeg can open, with the options that must stand before it. */
export interface VideoSource {
  /** How the user named it, fit for one line of a message. */
  readonly name: string;
  /** As ffmpeg takes it. */
  readonly address: string;
  readonly inputOptions: readonly string[];
}

/** Longest name that a sentence repeats, characters. */
const MAX_NAME = 300;

/**
 * A video file. The prefix keeps a name that begins with a dash, or looks like `http:` or `concat:`, a name;
 * the list of protocols keeps a playlist from reaching into the network.
 */
export function fileSource(path: string): VideoSource {
  const name = stripControl(path).replace(/\s+/g, ' ').trim() || basename(path);
  return {
    name: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name,
    address: `file:${path}`,
    inputOptions: ['-protocol_whitelist', 'file'],
  };
}
