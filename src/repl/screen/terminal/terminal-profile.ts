import { chooseProtocol, type ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import type { BlockSymbols } from '../../../render/terminal-picture/block-symbols.js';
import type { ColorDepth } from '../../../render/terminal-picture/encode-blocks.js';
import type { Theme } from './theme.js';

/** What this terminal can do, and how things look on it. */
export interface TerminalProfile {
  readonly theme: Theme;
  readonly env: NodeJS.ProcessEnv;
  /** For a screen reader: no pictures, no frames, nothing that changes by itself. */
  readonly isScreenReader: boolean;
}

/** How the blocks of a picture that grows are drawn. */
export interface LivePictures {
  readonly depth: ColorDepth;
  readonly symbols: BlockSymbols;
}

/** How finished pictures are drawn; undefined for not at all. */
export function choosePictures(profile: TerminalProfile, preview: ShowWord): ProtocolChoice | undefined {
  if (profile.isScreenReader || preview === 'off') return undefined;
  const choice = chooseProtocol(profile.env, true, { show: preview });
  // Characters are poor pictures: only for those who ask.
  return choice?.protocol === 'ascii' && preview !== 'ascii' ? undefined : choice;
}

/** How pictures are drawn while an answer is written: blocks, or not at all. */
export function chooseLivePictures(profile: TerminalProfile, preview: ShowWord): LivePictures | undefined {
  const choice = choosePictures(profile, preview);
  if (choice === undefined || choice.protocol === 'ascii' || !profile.theme.isColored) return undefined;
  const { symbols = 'half' } = choice;
  return { depth: choice.protocol === 'blocks-256' ? '256' : '24-bit', symbols };
}
