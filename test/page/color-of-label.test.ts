import { expect, it } from 'vitest';
import { createLabelColors } from '../../page/color-of-label.js';
import { assignLabelColors } from '../../src/render/drawing/label-colors.js';

const box = { x0: 0, y0: 0, x1: 1, y1: 1 };

it('gives things that were asked for the colours that they have on overlays, whichever was found first', () => {
  const asked = ['cow', 'tractor', 'dolphin'];
  const onOverlays = [...assignLabelColors(asked).values()].map(({ color }) => `rgb(${color.join(' ')})`);
  const colorOf = createLabelColors(asked);
  const onPage = asked.toReversed().map((label) => colorOf({ label, box }));
  expect(onPage.reverse()).toEqual(onOverlays);
  // These two would like the same colour, so the order decides.
  const [dolphin] = assignLabelColors(['dolphin']).values();
  expect(`rgb(${dolphin.color.join(' ')})`).toBe(onOverlays[0]);
});
