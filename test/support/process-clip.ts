import type { TaskResult } from '../../src/base/task-result.js';
import { detectTask } from '../../src/tasks/prompts/detect.js';
import { processVideo } from '../../src/tasks/videos/process-video.js';
import type { VideoOptions } from '../../src/tasks/videos/video-options.js';
import { FakeEngine } from './fake-engine.js';
import { collect } from './make-clip.js';

/** Detect dogs, of which there are none, in a video, a frame a second unless told otherwise. */
export async function processClip(
  path: string,
  video: Partial<VideoOptions> = {},
): Promise<{ results: TaskResult[]; notes: string[] }> {
  const notes: string[] = [];
  const outputs = await collect(
    processVideo({ path, name: 'clip' }, detectTask('dog'), new FakeEngine(() => ''), {
      ...{ sampling: { temperature: 0, topP: 1, seed: 0 }, isConstrained: false, locScale: 1023, jobs: 2 },
      ...{ keepsImages: false, answers: 1, tiles: 1, signal: new AbortController().signal },
      onNote: (sentence) => notes.push(sentence),
      video: {
        ...{ sampling: { kind: 'every', everySeconds: 1 }, isSummary: false, isTracked: false },
        ...video,
      },
    }),
  );
  return { results: outputs.map(({ result }) => result), notes };
}
