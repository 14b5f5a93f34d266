import { describe, expect, it } from 'vitest';
import { createFallbackEngine } from '../../../../src/engine/remote/fallback-engine.js';
import { ServerFailure } from '../../../../src/engine/remote/server-errors.js';
import type { EngineInfo } from '../../../../src/engine/engine.js';
import { fixturePath } from '../../../../fixtures/index.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { openSession } from '../../../support/terminal/open-session.js';

/** A server that answers once. */
class DyingServer extends FakeEngine {
  constructor() {
    super(({ prompt }, count) => {
      if (count > 1) throw new ServerFailure('SERVER_UNREACHABLE', 'of process 7', 'broke the connection');
      return prompt;
    });
  }

  override async load(): Promise<EngineInfo> {
    return { ...this.info, server: 'server of process 7' };
  }
}

describe('the server in the status line', () => {
  it.each(['a.png', fixturePath('video', 'crossing.mp4')])(
    'is gone once it was left, with an answer about %s',
    async (path) => {
      const engine = createFallbackEngine({
        first: new DyingServer(),
        open: () => new FakeEngine(({ prompt }) => prompt),
        onFallback: () => undefined,
      });
      const { session, queue } = openSession(undefined, {
        findModel: async () => ({ name: 'demo', dtype: 'fp32', engine }),
      });
      await queue.start(['a.png']);
      await queue.submit('caption en');
      expect(session.state.model.server).toBe('server of process 7');
      await queue.submit(`/open ${path}`);
      await queue.submit('caption en');
      expect(session.state.blocks.at(-1)).not.toMatchObject({ type: 'error' });
      expect(session.state.model.server).toBeUndefined();
    },
  );
});
