import { chooseProtocol, type ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import type { PreviewMode } from '../../session/state/settings.js';
import type { Theme } from './theme.js';

/** What this terminal can do, and how things look on it. */
export interface TerminalProfile {
  readonly theme: Theme;
  readonly env: NodeJS.ProcessEnv;
  /** For a screen reader: no pictures, no frames, nothing that changes by itself. */
  readonly isScreenReader: boolean;
}

/** How finished pictures are drawn; undefined for not at all. */
export function choosePictures(profile: TerminalProfile, preview: PreviewMode): ProtocolChoice | undefined {
  if (profile.isScreenReader || preview === 'off') return undefined;
  return chooseProtocol(profile.env, true, { show: preview });
}

/** How pictures are drawn while an answer is written: half blocks, or not at all. */
export function chooseLivePictures(
  profile: TerminalProfile,
  preview: PreviewMode,
): '24-bit' | '256' | undefined {
  const choice = choosePictures(profile, preview);
  if (choice === undefined || choice.protocol === 'ascii' || !profile.theme.isColored) return undefined;
  return choice.protocol === 'blocks-256' ? '256' : '24-bit';
}
