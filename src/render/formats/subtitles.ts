import { stripControl } from '../../base/strip-control.js';
import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { formatTimestamp } from '../format-time.js';
import type { ResultRenderer } from './result-renderer.js';

/** A stretch of a video with one answer. */
interface Cue {
  readonly text: string;
  readonly startSeconds: number;
  endSeconds: number;
}

/** SubRip: numbered cues, `00:00:01,000 --> 00:00:02,500`. One for each stretch of frames with equal answers. */
export function createSrtRenderer(): ResultRenderer {
  let number = 0;
  return createCueRenderer('', ({ text, startSeconds, endSeconds }) => {
    const times = `${formatTimestamp(startSeconds, ',')} --> ${formatTimestamp(endSeconds, ',')}`;
    return `${++number}\n${times}\n${text.replaceAll('-->', '->')}\n\n`;
  });
}

/** WebVTT. One cue for each stretch of frames with equal answers. */
export function createVttRenderer(): ResultRenderer {
  return createCueRenderer('WEBVTT\n\n', ({ text, startSeconds, endSeconds }) => {
    const times = `${formatTimestamp(startSeconds)} --> ${formatTimestamp(endSeconds)}`;
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `${times}\n${escaped}\n\n`;
  });
}

/** A cue is written when the answer changes, or at the end. Results that are not about a frame give none. */
function createCueRenderer(head: string, formatCue: (cue: Cue) => string): ResultRenderer {
  let open: Cue | undefined;
  const close = (): string => {
    const cue = open;
    open = undefined;
    return cue === undefined ? '' : formatCue(cue);
  };
  return {
    start: () => head,
    renderResult: (result) => {
      const { frame } = result;
      if (frame === undefined || result.error !== undefined) return close();
      const text = cueText(result);
      if (open?.text === text) {
        open.endSeconds = frame.endSeconds;
        return '';
      }
      const before = close();
      if (text !== '') {
        const { timeSeconds, startSeconds = timeSeconds, endSeconds } = frame;
        open = { text, startSeconds, endSeconds };
      }
      return before;
    },
    end: close,
  };
}

/** An empty line would end the cue. Objects are given as label and count: `2 dogs` would need grammar rules. */
function cueText(result: TaskResult): string {
  if (!isObjectResult(result)) return cleanLines(result.text ?? '');
  const counts = new Map<string, number>();
  for (const { label } of result.detections ?? []) {
    const name = label || 'object';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return cleanLines(
    [...counts].map(([name, count]) => (count === 1 ? name : `${name} × ${count}`)).join(', '),
  );
}

function cleanLines(text: string): string {
  return stripControl(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
