import { describe, expect, it } from 'vitest';
import { findNearestName } from '../../src/base/nearest-name.js';

describe('findNearestName', () => {
  const names = ['caption', 'detect', 'describe'];
  it.each([
    ['detct', 'detect'],
    ['CAPTION', 'caption'],
    ['discribe', 'describe'],
  ])('%s -> %s', (wanted, name) => expect(findNearestName(wanted, names)).toBe(name));

  it.each(['zzz', 'q', ''])('finds nothing like %j', (wanted) => {
    expect(findNearestName(wanted, names)).toBeUndefined();
  });
});
