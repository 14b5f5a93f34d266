import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveRtsp, type RtspServer } from '../../../support/rtsp-server.js';
import { openSession } from '../../../support/terminal/open-session.js';

let camera: RtspServer;
beforeAll(async () => {
  camera = await serveRtsp('fixtures/video/crossing.mp4');
});
afterAll(() => camera.close());

describe('live input in a session', () => {
  it('opens by its address, is answered until it is stopped, and keeps the answers', async () => {
    const { session, queue, shown } = openSession();
    await queue.start([]);
    await queue.submit(`/open ${camera.url}`);
    expect(session.state.blocks.at(-1)).toMatchObject({
      type: 'error',
      hint: expect.stringContaining('/set private-urls on') as string,
    });
    await queue.submit('/set private-urls on');
    await queue.submit('/set fps 5');
    await queue.submit(`/open ${camera.url}`);
    expect(shown().at(-1)).toBe(`video ${camera.url}: live, looked at 5 fps`);
    const work = queue.submit('caption en');
    await expect.poll(() => session.state.run?.video?.done ?? 0, { timeout: 20_000 }).toBeGreaterThan(1);
    queue.cancel();
    await work;
    expect(session.state.blocks.at(-1)).toMatchObject({ type: 'timeline', isCancelled: false });
    expect(session.state.lastAnswer?.video?.frames.length).toBeGreaterThan(1);
    for (const line of ['/frame 2', '/play', '/next']) {
      await queue.submit(line);
      expect(shown().at(-1)).toMatch(/is live: it has no frames to go to/);
    }
    await queue.submit('/save copy.mp4');
    expect(shown().at(-1)).toMatch(/was live: its pictures are not kept/);
  });

  it('says when there is no camera', async () => {
    const { queue, shown } = openSession();
    await queue.start(['/dev/video99']);
    expect(shown()).toEqual([expect.stringMatching(/^error: .*\/dev\/video99/)]);
  });
});
