import { describe, expect, it } from 'vitest';
import { RecordDrafter } from '../../../src/engine/child/record-drafter.js';

const FIRST_LOC = 1000;
const [COW, RED, BARN, SPACE, SEMICOLON] = [10, 11, 12, 20, 21];
const END = [SPACE, SEMICOLON, SPACE];
const box = [1, 2, 3, 4].map((bin) => FIRST_LOC + bin);
const codes = Array.from({ length: 16 }, (_, i) => FIRST_LOC + 1024 + i);

function createDrafter(labelGaps: number[][], after: 'loc' | 'seg' = 'loc'): RecordDrafter {
  return new RecordDrafter({ firstLoc: FIRST_LOC }, after, labelGaps);
}

describe('with bound labels', () => {
  const cow = [COW, ...END];
  const barn = [RED, BARN, ...END];
  const drafter = createDrafter([cow, barn]);

  it('expects the first label and a separator after the first coordinates', () => {
    expect(drafter.propose(box)).toEqual(cow);
    expect(drafter.propose([])).toEqual([]);
    expect(drafter.propose(box.slice(0, 3))).toEqual([]);
    expect(drafter.propose([...box, ...cow, box[0]])).toEqual([]);
  });

  it('expects the label of the object before, and none where labels change', () => {
    expect(drafter.propose([...box, ...barn, ...box])).toEqual(barn);
    const changing = [...box, ...cow, ...box, ...barn, ...box];
    expect(drafter.propose(changing)).toEqual([]);
    expect(drafter.propose([...changing, ...barn, ...box])).toEqual(barn);
  });

  it('goes on with a label that has begun', () => {
    expect(drafter.propose([...box, RED])).toEqual([BARN, ...END]);
    expect(drafter.propose([...box, ...cow.slice(0, 2)])).toEqual([SEMICOLON, SPACE]);
    expect(drafter.propose([...box, SEMICOLON])).toEqual([]);
  });
});

it('expects only what has begun as before where labels are free', () => {
  const drafter = createDrafter([]);
  const first = [...box, COW, ...END, ...box];
  expect(drafter.propose(first)).toEqual([]);
  expect(drafter.propose([...first, COW])).toEqual(END);
});

it('keeps what follows coordinates apart from what follows mask codes', () => {
  const drafter = createDrafter([[COW, ...END]], 'seg');
  expect(drafter.propose(box)).toEqual([]);
  expect(drafter.propose([...box, ...codes])).toEqual([COW, ...END]);
  expect(drafter.propose([...box, SPACE, ...codes, RED, ...END, ...box])).toEqual([SPACE]);
  expect(drafter.propose([...box, ...codes, RED, ...END, ...box, ...codes])).toEqual([RED, ...END]);
});
