import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Detection } from '../../src/base/detection.js';
import type { RgbImage } from '../../src/base/image.js';
import type { TaskResult } from '../../src/base/task-result.js';
import { createHtmlRenderer } from '../../src/render/formats/html.js';
import { hasChromium, openPage, takeProblems } from './open-page.js';

const folder = mkdtempSync(join(tmpdir(), 'pali-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = '<img src=x onerror=alert(1)></script><script>alert(2)</script><!--';
const image: RgbImage = { width: 60, height: 40, data: new Uint8Array(60 * 40 * 3).fill(200) };

function detection(label: string, score: number, x0: number): Detection {
  const box = { x0, y0: 5, x1: x0 + 15, y1: 30 };
  return { label, score, boxScore: score, box, bins: [0, 0, 1, 1] };
}

function found(input: string, ...detections: Detection[]): TaskResult {
  return {
    input,
    task: 'detect',
    prompt: 'detect x',
    image,
    text: '',
    raw: '',
    truncated: false,
    detections,
  };
}

const mask = { width: 60, height: 40, data: new Uint8Array(2400).map((_, i) => (i % 60 < 15 ? 1 : 0)) };
const results: TaskResult[] = [
  found('farm/cow.png', { ...detection('cow', 0.9, 2), mask }, detection('cow', 0.3, 30)),
  found('farm/tractor.png', detection('tractor', 0.6, 2)),
  found(`farm/${HOSTILE}.png`, detection(HOSTILE, 0.8, 2)),
  { input: 'gone.png', task: 'detect', prompt: 'detect x', error: { code: 'X', message: `gone ${HOSTILE}` } },
  { ...found('caption.png'), task: 'caption', detections: undefined, text: `words ${HOSTILE}` } as never,
];

async function writePage(maxPictureCharacters?: number): Promise<string> {
  const renderer = createHtmlRenderer(maxPictureCharacters);
  const parts = [renderer.start()];
  for (const result of results)
    parts.push(await renderer.renderWithPicture!(result, result.error === undefined ? image : undefined));
  parts.push(renderer.end());
  const path = join(folder, `${Math.random()}.html`);
  writeFileSync(path, parts.join(''));
  return pathToFileURL(path).href;
}

describe.skipIf(!hasChromium)('the page of results', () => {
  it('shows every result, and text as text', async () => {
    const page = await openPage(await writePage());
    expect(await page.locator('.card').count()).toBe(5);
    expect(await page.locator('.top .count').textContent()).toContain('5 results · 4 objects');
    expect(await page.locator('.card .box').count()).toBe(4);
    expect(await page.locator('.card .mask').first().getAttribute('d')).toMatch(/^M0 0L/);
    expect(await page.locator('.card .name').nth(2).textContent()).toBe('script><!--.png');
    expect(await page.locator('.card .name').nth(2).getAttribute('title')).toBe(`farm/${HOSTILE}.png`);
    expect(await page.locator('.card .summary').nth(4).textContent()).toBe(`words ${HOSTILE}`);
    expect(await page.locator('.chip').last().textContent()).toContain('<img src=x');
    expect(await page.locator('#app img').count()).toBe(4);
  });

  it('filters by words, score, label and mark', async () => {
    const page = await openPage(await writePage());
    const names = (): Promise<string[]> => page.locator('.card .name').allTextContents();
    await page.getByRole('slider').fill('0.7');
    // A result without objects has nothing to filter by score.
    expect((await names()).slice(0, 1)).toEqual(['cow.png']);
    expect(await names()).not.toContain('tractor.png');
    expect(await page.locator('.card').first().locator('.box').count()).toBe(1);
    await page.getByRole('slider').fill('0');
    await page.getByRole('button', { name: 'tractor 1' }).click();
    expect(await names()).toEqual(['tractor.png']);
    await page.getByRole('button', { name: 'tractor 1' }).click();
    await page.getByRole('searchbox').fill('COW');
    expect(await names()).toEqual(['cow.png']);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox').selectOption('failed');
    expect(await names()).toEqual(['gone.png']);
  });

  it('goes from result to result by keys, marks them and exports the marks', async () => {
    const url = await writePage();
    const page = await openPage(url);
    await page.locator('.card').first().click();
    expect(await page.locator('dialog .count').textContent()).toBe('1 of 5');
    await page.locator('.rows li').first().hover();
    expect(await page.locator('dialog .layer.has-mark g.is-marked').count()).toBe(1);
    await page.locator('dialog g .box').nth(1).hover();
    expect(await page.locator('.rows li.is-marked').count()).toBe(1);
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Wrong: cow' }).nth(1).click();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('dialog h2').textContent()).toBe('tractor.png');
    await page.keyboard.press('r');
    await page.keyboard.press('Escape');
    expect(await page.locator('.badge').allTextContents()).toEqual(['Accepted', 'Rejected', '', '', '']);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export marks' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\n');
    const common = { task: 'detect', prompt: 'detect x' };
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { result: 0, input: 'farm/cow.png', ...common, mark: 'accepted', rejectedObjects: [1] },
      { result: 1, input: 'farm/tractor.png', ...common, mark: 'rejected', rejectedObjects: [] },
    ]);
    await page.reload();
    expect(await page.locator('.top .count').textContent()).toContain('1 accepted · 1 rejected');
  });

  it('says that pictures were left out', async () => {
    const page = await openPage(await writePage(1));
    expect(await page.getByRole('note').textContent()).toMatch(/^The last 4 pictures are not in this page/);
    expect(await page.locator('.ground').count()).toBe(5);
    expect(await page.locator('.card .box').count()).toBe(4);
  });

  it.each(['light', 'dark'] as const)('fits a narrow %s screen', async (colorScheme) => {
    const page = await openPage(await writePage(), { width: 360, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.locator('.card').nth(2).click();
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('runs no script but its own', async () => {
    const url = await writePage();
    const path = new URL(url);
    writeFileSync(path, readFileSync(path, 'utf8').replace('<main', '<script>alert(3)</script><main'));
    const page = await openPage(url);
    expect(takeProblems(page).join()).toContain('Content Security Policy');
    expect(await page.locator('.card').count()).toBe(5);
  });
});
