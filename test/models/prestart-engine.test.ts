import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { forkEngine } from '../../src/engine/client/fork-engine.js';
import { continueHeadStart, startEngineEarly } from '../../src/models/prestart-engine.js';
import { openEngine } from '../../src/models/open-engine.js';

const echo = new URL('../../fixtures/engines/echo.mjs', import.meta.url);
const children: ChildProcess[] = [];

function forkFixture(): ChildProcess {
  const child = forkEngine(echo);
  children.push(child);
  return child;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('an engine that was started early', () => {
  it('is the one that loads the model', async () => {
    const headStart = startEngineEarly(forkFixture);
    const model = { name: 'demo', dtype: 'fp32' as const, folder: 'a-model' };
    const engine = openEngine({ model, device: 'cpu', isDebug: false, headStart });
    expect((await engine.load()).model).toBe('demo');
    expect(headStart.take()).toBeUndefined();
    // It is in use now: giving up what was not needed leaves it alone.
    headStart.giveUp();
    const [child] = children;
    expect(child.killed).toBe(false);
    await engine.close();
    expect(child.exitCode).toBe(0);
  });

  it('goes on where a model is needed, and ends where none is', async () => {
    const headStart = startEngineEarly(forkFixture);
    expect(continueHeadStart(headStart, true)).toBe(headStart);
    const ended = once(children[0], 'exit');
    expect(continueHeadStart(headStart, false)).toBeUndefined();
    await ended;
    expect(continueHeadStart(undefined, false)).toBeUndefined();
  });

  it('ends when it is not needed', async () => {
    const headStart = startEngineEarly(forkFixture);
    const ended = once(children[0], 'exit');
    headStart.giveUp();
    await ended;
    expect(headStart.take()).toBeUndefined();
  });

  it('is not handed over after it has ended by itself', async () => {
    const headStart = startEngineEarly(forkFixture);
    const ended = once(children[0], 'exit');
    children[0].kill('SIGKILL');
    await ended;
    expect(headStart.take()).toBeUndefined();
  });

  it('says nothing when it cannot be started at all', async () => {
    let child: ChildProcess | undefined;
    const headStart = startEngineEarly(() => {
      child = fork(fileURLToPath(echo), [], { execPath: '/no/such/node' });
      return child;
    });
    await once(child!, 'error');
    expect(headStart.take()).toBeUndefined();
    headStart.giveUp();
  });
});
