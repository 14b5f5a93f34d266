import { describe, expect, it } from 'vitest';
import { LoadMeter } from '../../src/engine/load-progress.js';

/** A meter over a process whose memory the test sets. */
function watch(): { meter: LoadMeter; shares: number[]; memory: { bytes: number | undefined } } {
  const shares: number[] = [];
  const memory: { bytes: number | undefined } = { bytes: undefined };
  const meter = new LoadMeter(
    undefined,
    (share) => shares.push(share),
    async () => memory.bytes,
  );
  return { meter, shares, memory };
}

describe('LoadMeter', () => {
  it('tells the parts that are ready', () => {
    const { meter, shares } = watch();
    meter.begin({ doneBytes: 0, partBytes: 100, totalBytes: 400 });
    meter.begin({ doneBytes: 100, partBytes: 300, totalBytes: 400 });
    meter.stop();
    expect(shares).toEqual([0.25]);
  });

  it('follows a part by the memory that it takes, and promises no more than the part', async () => {
    const { meter, shares, memory } = watch();
    memory.bytes = 50;
    meter.begin({ doneBytes: 100, partBytes: 300, totalBytes: 400 });
    await meter.look();
    memory.bytes = 50 + 300;
    await meter.look();
    memory.bytes = 50 + 900;
    await meter.look();
    meter.stop();
    expect(shares).toEqual([0.25, 0.25 + 150 / 400, 1]);
  });

  it('never goes back, also when memory is given back or another graph is tried', async () => {
    const { meter, shares, memory } = watch();
    memory.bytes = 0;
    meter.begin({ doneBytes: 200, partBytes: 200, totalBytes: 400 });
    await meter.look();
    memory.bytes = 200;
    await meter.look();
    memory.bytes = 100;
    await meter.look();
    meter.begin({ doneBytes: 0, partBytes: 200, totalBytes: 400 });
    await meter.look();
    meter.stop();
    expect(shares).toEqual([0.5, 0.75]);
  });

  it('says nothing of a model without weights, or after its end', async () => {
    const { meter, shares, memory } = watch();
    memory.bytes = 1000;
    meter.begin({ doneBytes: 0, partBytes: 0, totalBytes: 0 });
    await meter.look();
    meter.begin({ doneBytes: 0, partBytes: 10, totalBytes: 10 });
    await meter.look();
    memory.bytes = 2000;
    meter.stop();
    await meter.look();
    expect(shares).toEqual([]);
  });
});
