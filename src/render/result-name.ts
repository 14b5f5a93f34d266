import type { TaskResult } from '../base/task-result.js';

/**
 * What the files of a result are named after: its input, and for a frame of a video the frame's number before the
 * extension, `clip-000012.mp4`.
 */
export function resultName({ input, frame }: Pick<TaskResult, 'input' | 'frame'>): string {
  if (frame === undefined) return input;
  const number = String(frame.index).padStart(6, '0');
  const extension = /(?<=[^\\/])\.[^.\\/]*$/.exec(input)?.[0] ?? '';
  return `${input.slice(0, input.length - extension.length)}-${number}${extension}`;
}
