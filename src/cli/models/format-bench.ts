import { printablePath } from '../../render/printable-path.js';
import type { BenchResult } from '../../diagnostics/bench-model.js';
import { costOfPicture } from '../../diagnostics/measure-model.js';
import { formatSeconds } from '../../render/format-time.js';
import { formatSize } from './format-size.js';
import { formatTable } from './format-table.js';

/** Frames of a minute of video at one frame per second. */
const FRAMES_PER_MINUTE = 60;

/** What a picture and a minute of video will cost, and what that consists of. */
export function formatBench({ name, dtype, device, isSynthetic, measurement }: BenchResult): string {
  const { loadMs, visionMs, prefillMs, tokenMs, peakBytes } = measurement;
  const picture = costOfPicture(measurement);
  const about = isSynthetic ? 'about ' : '';
  return formatTable(
    [
      [
        'model',
        `${printablePath(name)} ${dtype} on ${device}${isSynthetic ? ', with weights of noise' : ''}`,
      ],
      ['load', `${about}${formatMs(loadMs)}`],
      ['vision', `${about}${formatMs(visionMs)} a picture`],
      ['prefill', `${about}${formatMs(prefillMs)} a prompt`],
      ['token', `${about}${formatMs(tokenMs)}, ${(1000 / tokenMs).toFixed(1)} a second`],
      ['memory', `${about}${formatSize(peakBytes)}`],
      ['a caption', `${about}${formatMs(picture)}`],
      [
        'a minute of video',
        `${about}${formatSeconds((FRAMES_PER_MINUTE * picture) / 1000)} at one frame a second`,
      ],
    ],
    true,
  );
}

/** The same for programs: milliseconds and bytes. */
export function toBenchObject({ measurement, ...facts }: BenchResult): Record<string, unknown> {
  const { loadMs, visionMs, prefillMs, tokenMs, peakBytes } = measurement;
  return {
    schemaVersion: 1,
    ...facts,
    loadMs,
    visionMs,
    prefillMs,
    tokenMs,
    tokensPerSecond: 1000 / tokenMs,
    peakBytes,
    captionMs: costOfPicture(measurement),
    videoMinuteMs: FRAMES_PER_MINUTE * costOfPicture(measurement),
  };
}

function formatMs(ms: number): string {
  if (ms >= 10_000) return formatSeconds(ms / 1000);
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
