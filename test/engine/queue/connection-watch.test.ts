import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionWatch, isConnectionError } from '../../../src/engine/queue/connection-watch.js';
import { readQueueUrl } from '../../../src/engine/queue/queue-address.js';

describe('ConnectionWatch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const gone = { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' };
  const watchOf = (notes: string[]): ConnectionWatch => {
    const watch = new ConnectionWatch(readQueueUrl('redis://u:geheim@host'), (note) => notes.push(note));
    watch.open();
    return watch;
  };

  it('says once that the server is away, and once that it is back', () => {
    const notes: string[] = [];
    const watch = watchOf(notes);
    for (let i = 0; i < 5; i++) watch.lost(gone);
    vi.advanceTimersByTime(2500);
    watch.lost(gone);
    vi.advanceTimersByTime(2500);
    expect(notes).toEqual(['The queue redis://host does not answer: nothing listens there. Trying again.']);
    expect(watch.lostForMs).toBeGreaterThanOrEqual(5000);
    watch.back();
    expect(notes.slice(1)).toEqual(['The queue redis://host is there again.']);
    expect(watch.lostForMs).toBe(0);
  });

  it('says nothing about what is over at once, nor after it was closed', () => {
    const notes: string[] = [];
    const watch = watchOf(notes);
    watch.lost(gone);
    watch.back();
    watch.lost(gone);
    watch.close();
    watch.trouble({ message: 'OOM command not allowed' });
    vi.advanceTimersByTime(10_000);
    expect(notes).toEqual([]);
  });

  it('repeats no other trouble', () => {
    const notes: string[] = [];
    const watch = watchOf(notes);
    for (let i = 0; i < 3; i++)
      watch.trouble({ message: "OOM command not allowed when used memory > 'maxmemory'." });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('has no more room in its memory. Give it more memory');
  });

  it('knows what may pass', () => {
    expect(isConnectionError(gone)).toBe(true);
    expect(isConnectionError(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isConnectionError({ code: '57P01', message: 'terminating connection' })).toBe(true);
    expect(isConnectionError({ code: '42501', message: 'permission denied' })).toBe(false);
    expect(isConnectionError(new Error('WRONGPASS'))).toBe(false);
  });
});
