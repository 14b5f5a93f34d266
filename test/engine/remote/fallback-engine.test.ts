import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/base/dtype.js';
import type { EngineInfo } from '../../../src/engine/engine.js';
import { createFallbackEngine } from '../../../src/engine/remote/fallback-engine.js';
import { ServerFailure } from '../../../src/engine/remote/server-errors.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import type { Task } from '../../../src/tasks/prompts/task.js';
import { runTask } from '../../../src/tasks/run-task.js';
import { FakeEngine, type FakeAnswer } from '../../support/fake-engine.js';

const picture = 'fixtures/golden/p00_png_224x224.png';

class EngineOn extends FakeEngine {
  override readonly info: EngineInfo;

  constructor(device: Device, answer: FakeAnswer) {
    super(answer);
    this.info = { ...new FakeEngine(answer).info, device };
  }
}

/** Of each picture: where the answer says that it was given, and the answer. */
async function answersOf(first: FakeEngine, count: number, task: Task = captionTask({})): Promise<string[]> {
  const engine = createFallbackEngine({
    first,
    open: () => new EngineOn('cpu', () => 'here'),
    onFallback: () => undefined,
  });
  async function* feed(): AsyncGenerator<{ name: string; pictures: string[] }> {
    for (let i = 0; i < count; i++) yield { name: `${i}.png`, pictures: [picture] };
  }
  const answers: string[] = [];
  for await (const { result } of runTask(feed(), task, engine, {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: true,
    locScale: 1023,
    jobs: 1,
    keepsImages: false,
    signal: new AbortController().signal,
  })) {
    answers.push(`${result.model?.device} ${result.raw?.replaceAll('\n', ' ')}`);
  }
  await engine.close();
  return answers;
}

function failing(after: number): FakeEngine {
  return new EngineOn('cuda', (_, count) => {
    if (count > after) throw new ServerFailure('SERVER_UNREACHABLE', 'gpu', 'broke off its answer');
    return 'there';
  });
}

describe('answers of a server that dies', () => {
  it('name the device that gave them, before and after', async () => {
    expect(await answersOf(failing(2), 4)).toEqual(['cuda there', 'cuda there', 'cpu here', 'cpu here']);
  });

  it('name the last one where an answer has parts', async () => {
    const task = detectTask('cow ; dog', true);
    expect(await answersOf(failing(3), 2, task)).toEqual(['cuda there there', 'cpu there here']);
  });

  it('name the device of the server that lives', async () => {
    expect(await answersOf(failing(9), 1)).toEqual(['cuda there']);
  });
});
