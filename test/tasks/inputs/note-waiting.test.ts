import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteWaiting } from '../../../src/tasks/inputs/note-waiting.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once that nothing has come', () => {
  const told: string[] = [];
  noteWaiting('-', (sentence) => told.push(sentence));
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['Still waiting for standard input. Ctrl-C ends it.']);
});

it('says nothing when the waiting is over soon, or nobody listens', () => {
  const told: string[] = [];
  const end = noteWaiting('rtsp://camera/1', (sentence) => told.push(sentence));
  noteWaiting('rtsp://camera/1', undefined);
  vi.advanceTimersByTime(5_000);
  end();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});
