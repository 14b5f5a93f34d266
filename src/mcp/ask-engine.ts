import { joinSignals } from '../base/signals/join-signals.js';
import type { Engine } from '../models/open-engine.js';
import type { TaskOutput } from '../tasks/answers/task-output.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import { runTask } from '../tasks/run-task.js';
import type { ToolQuestion } from './tool-question.js';

/** Put a tool's question to an engine. @throws what runTask throws. */
export async function askEngine(engine: Engine, question: ToolQuestion): Promise<TaskOutput> {
  const { task, input, minScore, keepsImages, onToken, signal } = question;
  const outputs = runTask(feed(input), task, engine, {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: true,
    locScale: 1023,
    jobs: 1,
    minScore,
    keepsImages,
    onEvent: ({ type }) => {
      if (type === 'token') onToken();
    },
    signal: joinSignals(signal),
  });
  for await (const output of outputs) return output;
  throw new Error('There was no result.');
}

async function* feed(input: TaskInput): AsyncGenerator<TaskInput, void, undefined> {
  yield input;
}
