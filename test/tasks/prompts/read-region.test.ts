import { describe, expect, it } from 'vitest';
import { readRegion } from '../../../src/tasks/prompts/read-region.js';
import { regionToBox } from '../../../src/tasks/prompts/region.js';

const picture = { width: 200, height: 100 };

describe('--region', () => {
  it.each([
    ['10,20,110,70', { x0: 10, y0: 20, x1: 110, y1: 70 }],
    ['10%, 20%, 50.5%, 100%', { x0: 20, y0: 20, x1: 101, y1: 100 }],
    ['150,50,900,900', { x0: 150, y0: 50, x1: 900, y1: 900 }],
  ])('%s', (text, box) => expect(regionToBox(readRegion(text), picture)).toEqual(box));

  it.each([
    '',
    '1,2,3',
    '1,2,3,4,5',
    '1,2,3%,4%',
    '5,5,5,9',
    '0%,0%,101%,50%',
    'a,b,c,d',
    '1e1,2,30,40',
    '-1,0,5,5',
  ])('refuses %j', (text) => expect(() => readRegion(text)).toThrow('--region'));
});
