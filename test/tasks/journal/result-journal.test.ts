import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { openAppendFile } from '../../../src/base/files/append-file.js';
import { createCocoRenderer } from '../../../src/render/formats/coco.js';
import type { TaskOutput } from '../../../src/tasks/answers/task-output.js';
import type { RunOptions } from '../../../src/tasks/inputs/run-options.js';
import { openJournal } from '../../../src/tasks/journal/open-journal.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { segmentTask } from '../../../src/tasks/prompts/segment.js';
import type { Task } from '../../../src/tasks/prompts/task.js';
import { runTask } from '../../../src/tasks/run-task.js';
import { FakeEngine, type FakeAnswer } from '../../support/fake-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const inputs = ['a.png', 'b.png', 'c.png', 'd.png'].map(at);
for (const input of inputs) copyFileSync('fixtures/golden/p00_png_224x224.png', input);
const options: RunOptions = {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023,
  jobs: 2,
  keepsImages: false,
  signal: new AbortController().signal,
};
const caption = captionTask({});

async function* feed(names: readonly string[]): AsyncGenerator<{ name: string; pictures: string[] }> {
  for (const name of names) yield { name, pictures: [name] };
}

interface Ran {
  readonly outputs: TaskOutput[];
  /** How often the model was asked. */
  readonly asked: number;
}

async function run(
  path: string,
  answer: FakeAnswer,
  { task = caption, names = inputs, ...more }: Partial<RunOptions> & { task?: Task; names?: string[] } = {},
  onOutput: (outputs: readonly TaskOutput[]) => void = () => undefined,
): Promise<Ran> {
  const engine = new FakeEngine(answer);
  const journal = await openJournal(path, { task, engine }, { ...options, ...more });
  const outputs: TaskOutput[] = [];
  try {
    for await (const output of runTask(feed(names), task, engine, { ...options, ...more, journal })) {
      outputs.push(output);
      onOutput(outputs);
    }
  } finally {
    await journal?.close();
  }
  return { outputs, asked: engine.requests.length };
}

/** The lock of a file whatever it is called. */
function inodeLock(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return join(tmpdir(), `pali-${dev}-${ino}.lock`);
}

const textsOf = ({ outputs }: Ran): (string | undefined)[] => outputs.map(({ result }) => result.text);

describe('a run that goes on', () => {
  it('asks only what is missing, and gives everything in the order of the inputs', async () => {
    const path = at('stopped.jsonl');
    const controller = new AbortController();
    const stopped = run(
      path,
      (_, n) => `answer ${n}`,
      { signal: controller.signal, jobs: 1 },
      ({ length }) => {
        if (length === 2) controller.abort(new CancelledError());
      },
    );
    await expect(stopped).rejects.toBeInstanceOf(CancelledError);
    appendFileSync(path, '{"schemaVersion":1,"input":"c');
    // What has been answered is known even where the picture is gone.
    rmSync(inputs[0]);
    const again = await run(path, () => 'new', { names: inputs.toReversed() });
    copyFileSync(inputs[1], inputs[0]);
    expect(textsOf(again)).toEqual(['new', 'new', 'answer 2', 'answer 1']);
    expect(again.asked).toBe(2);
    expect(again.outputs.map(({ isRecalled = false }) => isRecalled)).toEqual([false, false, true, true]);
    const whole = readFileSync(path, 'utf8');
    expect((await run(path, () => 'never asked')).asked).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(whole);
  });

  it('tries again what failed', async () => {
    const path = at('failed.jsonl');
    const names = [inputs[0], at('missing.png')];
    const first = await run(path, () => 'yes', { names });
    expect(first.outputs[1].result.error?.code).toBe('IMAGE_MISSING');
    copyFileSync(inputs[0], at('missing.png'));
    expect(textsOf(await run(path, () => 'now', { names }))).toEqual(['yes', 'now']);
  });

  it('asks for all answers of a picture again where some are missing', async () => {
    const path = at('several.jsonl');
    const several = { answers: 2, sampling: { temperature: 1, topP: 1, seed: 3 }, names: [inputs[0]] };
    await run(path, (_, n) => `answer ${n}`, several);
    const [first] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${first}\n`);
    const again = await run(path, (_, n) => `new ${n}`, several);
    expect(textsOf(again)).toEqual(['new 1', 'new 2']);
    const known = await run(path, () => 'never asked', several);
    expect(textsOf(known)).toEqual(['new 1', 'new 2']);
    expect(known.outputs.map(({ answerNumber }) => answerNumber)).toEqual([0, 1]);
  });

  it('gives the same boxes, masks, tokens and pictures', async () => {
    const path = at('masks.jsonl');
    const codes = Array.from({ length: 16 }, () => '<seg007>').join('');
    const raw = `<loc0100><loc0101><loc0733><loc0977>${codes} cup`;
    const more = { task: segmentTask('cup'), keepsImages: true, alternatives: 0, names: [inputs[0]] };
    const [fresh] = (await run(path, () => raw, more)).outputs;
    const [known] = (await run(path, () => 'never asked', more)).outputs;
    const { isRecalled, ...output } = known;
    expect(isRecalled).toBe(true);
    const { codes: _, ...detection } = fresh.result.detections![0];
    expect(output.image).toEqual(fresh.image);
    expect(output.result.detections).toEqual([detection]);
    expect(output.result.tokens).toHaveLength(fresh.result.tokens!.length);
    const coco = (result: typeof fresh.result): string =>
      createCocoRenderer({ segmentation: 'rle' }).renderResult(result);
    expect(coco(output.result)).toBe(coco(fresh.result));
  });

  it('takes lines of --format jsonl, and a last line without its break', async () => {
    const path = at('plain.jsonl');
    await run(path, () => 'known', { names: inputs.slice(0, 2) });
    const lines = readFileSync(path, 'utf8').replaceAll(',"options":{}', '').trimEnd();
    writeFileSync(path, lines);
    expect(textsOf(await run(path, () => 'new', { names: inputs.slice(0, 3) }))).toEqual([
      'known',
      'known',
      'new',
    ]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  });

  it.each<[string, Partial<RunOptions> & { task?: Task }, RegExp]>([
    ['prompt', { task: captionTask({ language: 'es' }) }, /caption en/],
    ['task', { task: { ...caption, name: 'ask' } }, /caption "caption en"/],
    ['region', { task: captionTask({ region: { unit: 'percent', x0: 0, y0: 0, x1: 50, y1: 50 } }) }, /./],
    ['number of tiles', { tiles: 2 }, /./],
    ['limit', { maxTokens: 3 }, /./],
    ['minimum score', { task: detectTask('cup'), minScore: 0.5 }, /./],
  ])('refuses another %s', async (_, other, description) => {
    const path = at(`other-${Math.random()}.jsonl`);
    await run(path, () => 'x');
    await expect(run(path, () => 'y', other)).rejects.toMatchObject({
      code: 'JOURNAL_OTHER_RUN',
      hint: expect.stringMatching(description) as string,
    });
  });

  it('refuses a file that another run is writing to, under any of its names, and takes it once that is gone', async () => {
    const path = at('shared.jsonl');
    const other = at('other-name.jsonl');
    const linked = at('hard-link.jsonl');
    const engine = new FakeEngine(() => 'x');
    const first = await openJournal(path, { task: caption, engine }, options);
    symlinkSync(path, other);
    linkSync(path, linked);
    for (const name of [path, other, linked]) {
      await expect(run(name, () => 'y')).rejects.toMatchObject({
        code: 'FILE_IN_USE',
        message: `${name} is being written by another run (process ${process.pid}).`,
      });
    }
    await first!.close();
    expect((await run(other, () => 'y')).asked).toBe(4);
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
    expect(existsSync(inodeLock(path))).toBe(false);
  });

  it('refuses a second run where the folder takes no lock', async () => {
    // With the lock's suffix the name is longer than systems allow; as root every folder takes new files.
    const path = at(`${'n'.repeat(245)}.jsonl`);
    const first = await openAppendFile(path);
    await expect(openAppendFile(path)).rejects.toMatchObject({ code: 'FILE_IN_USE' });
    expect(existsSync(`${path}.lock`)).toBe(false);
    await first.close();
    await (await openAppendFile(path)).close();
  });

  it('takes a file over from a run that was killed', async () => {
    const path = at('killed.jsonl');
    const helper = `import { openAppendFile } from ${JSON.stringify(pathToFileURL(resolve('dist/src/base/files/append-file.js')))};
      await openAppendFile(${JSON.stringify(path)});
      process.stdout.write('open');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', helper]);
    await once(child.stdout, 'data');
    await expect(run(path, () => 'y')).rejects.toMatchObject({
      code: 'FILE_IN_USE',
      message: expect.stringContaining(`process ${child.pid}`) as string,
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readdirSync(folder)).toContain('killed.jsonl.lock');
    expect((await run(path, () => 'y')).asked).toBe(4);
    expect(readdirSync(folder)).not.toContain('killed.jsonl.lock');
    expect(existsSync(inodeLock(path))).toBe(false);
  });

  it('refuses at the first sign of life of a run on another computer, and stops waiting for one', async () => {
    const path = at('elsewhere.jsonl');
    writeFileSync(path, '');
    writeFileSync(`${path}.lock`, 'elsewhere 7 x\n');
    const stop = new AbortController();
    const waiting = openAppendFile(path, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
    const alive = setInterval(() => {
      const now = new Date();
      utimesSync(`${path}.lock`, now, now);
    }, 20);
    await expect(openAppendFile(path)).rejects.toThrow(/another run \(process 7 on elsewhere\)/);
    clearInterval(alive);
  });

  it.skipIf(process.platform === 'win32')('takes no pipe and no device', async () => {
    const pipe = at('pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/full']) {
      await expect(run(path, () => 'x')).rejects.toThrow(`${path} is not a regular file.`);
      expect(existsSync(`${path}.lock`)).toBe(false);
    }
  });

  it('says which lock it waits for', async () => {
    const path = at('silent.jsonl');
    writeFileSync(`${path}.lock`, 'elsewhere 7 x\n');
    const stop = new AbortController();
    const told: string[] = [];
    const waiting = openAppendFile(path, stop.signal, (sentence) => {
      told.push(sentence);
      stop.abort();
    });
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(told).toEqual([expect.stringContaining(`${path}.lock names process 7 on elsewhere; waiting`)]);
  });

  it('refuses what pali eval keeps, even of the same prompt and model', async () => {
    const path = at('eval.jsonl');
    await run(path, () => 'x');
    const rows = readFileSync(path, 'utf8').replaceAll(
      '"options":{}',
      '"example":"1","truth":{"answers":[]}',
    );
    writeFileSync(path, rows);
    await expect(run(path, () => 'y')).rejects.toMatchObject({
      code: 'JOURNAL_OTHER_RUN',
      hint: 'They are of: pali eval, caption "caption en", fake fp32. Name another file.',
    });
    expect(readFileSync(path, 'utf8')).toBe(rows);
  });

  it.each(['hello\n', 'hello', '{"a":1}', '{"a":1}\n', '\u0000\u0001'])(
    'leaves %j alone, which is no result',
    async (content) => {
      const path = at('foreign');
      writeFileSync(path, content);
      await expect(run(path, () => 'x')).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );
});
