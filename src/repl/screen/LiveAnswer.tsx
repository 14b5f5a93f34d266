import { useEffect, useState, type ReactElement } from 'react';
import { formatLive } from './live/format-live.js';
import { Lines } from './Lines.js';
import type { WindowSize } from './pictures/picture-space.js';
import type { Placeholders } from './terminal/placeholders.js';
import { currentPicture, type SessionState } from '../session/state/session-state.js';
import { chooseLivePictures, type TerminalProfile } from './terminal/terminal-profile.js';

interface LiveAnswerProps {
  readonly state: SessionState;
  readonly profile: TerminalProfile;
  readonly window: WindowSize;
  /** Rows that it may take. */
  readonly rows: number;
  readonly placeholders: Placeholders;
}

/** Ten pictures of the spinner make a turn of 0.8 s. */
const SPINNER_MS = 80;

/** The answer that is being written, with a preview of the boxes found so far. Nothing when none is. */
export function LiveAnswer({
  state,
  profile,
  window,
  rows,
  placeholders,
}: LiveAnswerProps): ReactElement | null {
  const { run, settings } = state;
  const tick = useTick(SPINNER_MS, run !== undefined && !profile.isScreenReader);
  // A screen reader hears the answer when it is whole.
  if (run === undefined || profile.isScreenReader) return null;
  const preview = chooseLivePictures(profile, settings.preview);
  const style = { theme: profile.theme, window, rows, preview, tick };
  return <Lines lines={formatLive(run, currentPicture(state), style)} placeholders={placeholders} />;
}

/** A number that grows by one with every interval. */
function useTick(intervalMs: number, isRunning: boolean): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setTick((count) => count + 1), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, isRunning]);
  return tick;
}
