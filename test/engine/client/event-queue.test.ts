import { describe, expect, it, vi } from 'vitest';
import { EventQueue } from '../../../src/engine/client/event-queue.js';

const nothing = (): void => undefined;

describe('EventQueue', () => {
  it('gives what was pushed before and after the reader came, then ends', async () => {
    const queue = new EventQueue<number>(nothing, nothing);
    queue.push(1);
    const first = queue.next();
    const second = queue.next();
    queue.push(2);
    queue.push(3);
    queue.end();
    queue.push(4);
    expect([await first, await second, await queue.next(), await queue.next()]).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 3, done: false },
      { value: undefined, done: true },
    ]);
  });

  it('starts at the first next, once', async () => {
    const onStart = vi.fn();
    const queue = new EventQueue<number>(onStart, nothing);
    expect(onStart).not.toHaveBeenCalled();
    queue.push(1);
    queue.push(2);
    await queue.next();
    await queue.next();
    expect(onStart).toHaveBeenCalledOnce();
  });

  it('fails a waiting reader at once, and ends after that', async () => {
    const queue = new EventQueue<number>(nothing, nothing);
    const waiting = queue.next();
    queue.fail(new Error('lost'));
    await expect(waiting).rejects.toThrow('lost');
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it('fails a reader that comes later, once', async () => {
    const queue = new EventQueue<number>(nothing, nothing);
    queue.push(1);
    queue.fail(new Error('lost'));
    await expect(queue.next()).rejects.toThrow('lost');
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it('tells when the reader leaves early, also while another call waits', async () => {
    const onLeave = vi.fn();
    const queue = new EventQueue<number>(nothing, onLeave);
    const waiting = queue.next();
    await queue.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it('does not call the end, or a reader that never began, leaving', async () => {
    const onLeave = vi.fn();
    const ended = new EventQueue<number>(nothing, onLeave);
    ended.push(1);
    ended.end();
    for await (const value of ended) expect(value).toBe(1);
    await ended.return();
    await new EventQueue<number>(nothing, onLeave).return();
    expect(onLeave).not.toHaveBeenCalled();
  });
});
