import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../serve/start-test-server.js';
import { hasChromium, openPage, takeProblems, type PageOptions } from './open-page.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const BOX = '<loc0256><loc0128><loc0768><loc0512>';
const PICTURE = 'fixtures/gallery/farm.png';

/** The engine of these tests answers with the prompt that it got. */
async function open(options: PageOptions = {}): Promise<Page> {
  const { url } = await startTestServer();
  return openPage(`${url}/`, options);
}

async function choose(page: Page, path = PICTURE): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(path);
  await page.locator('.stage .picture, .stage video').waitFor();
}

async function askOwn(page: Page, prompt: string): Promise<void> {
  await page.getByRole('button', { name: 'Own prompt' }).click();
  await page.getByRole('textbox', { name: 'Words' }).fill(prompt);
  await page.keyboard.press('Enter');
}

describe.skipIf(!hasChromium)('the page of the server', () => {
  it('answers in words', async () => {
    const page = await open();
    await choose(page);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.actions').waitFor();
    expect(await page.locator('.answer').textContent()).toBe('caption en');
    expect(await page.locator('.asked-prompt').textContent()).toBe('caption en');
  });

  it('draws what was found, marks rows and boxes both ways, shows labels as text', async () => {
    const page = await open();
    await choose(page);
    await askOwn(
      page,
      `${BOX} cow ; ${BOX.replaceAll('0128', '0700').replaceAll('0512', '0900')} ${HOSTILE}`,
    );
    await page.locator('.actions').waitFor();
    expect(await page.locator('.rows .label').allTextContents()).toEqual(['cow', HOSTILE]);
    expect(await page.locator('.labels span').allTextContents()).toEqual(['cow', HOSTILE]);
    const { width, height } = (await page.locator('.stage img').boundingBox())!;
    const box = (await page.locator('.layer .box').first().boundingBox())!;
    expect(box.width / width).toBeCloseTo((512 - 128) / 1024, 1);
    expect(box.height / height).toBeCloseTo((768 - 256) / 1024, 1);
    await page.locator('.rows li').first().hover();
    expect(await page.locator('.labels .is-marked').textContent()).toBe('cow');
    await page.locator('.layer .box').nth(1).hover();
    expect(await page.locator('.rows .is-marked .label').textContent()).toBe(HOSTILE);
  });

  it('saves the picture with the boxes on it, and keeps what was asked', async () => {
    const page = await open();
    await choose(page);
    await askOwn(page, `${BOX} cow`);
    await page.locator('.actions').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save picture' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('farm.pali.png');
    expect(
      readFileSync(await saved.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    await askOwn(page, 'just words');
    await page.getByText('just words').first().waitFor();
    await page.locator('.asked button').nth(1).click();
    expect(await page.locator('.rows .label').allTextContents()).toEqual(['cow']);
    expect(await page.locator('.asked button').count()).toBe(2);
  });

  it('says what the server says when it refuses', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    expect(await page.getByRole('status').textContent()).toBe('Choose a picture first.');
    await choose(page);
    await page.getByRole('textbox', { name: 'Language' }).fill('xx');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.status.is-error').waitFor();
    expect(await page.getByRole('status').textContent()).toContain('"xx"');
    expect(takeProblems(page).join()).toContain('400');
  });

  it('asks for the key where one is needed', async () => {
    const { url } = await startTestServer({ apiKey: 'sesame' });
    const page = await openPage(`${url}/`);
    await choose(page);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('textbox', { name: 'Key' }).fill('sesame');
    await page.keyboard.press('Enter');
    await page.locator('.actions').waitFor();
    expect(await page.locator('.answer').textContent()).toContain('caption en');
    expect(takeProblems(page).join()).toContain('401');
  });

  it.each(['light', 'dark'] as const)('fits a narrow %s screen and the keyboard', async (colorScheme) => {
    const page = await open({ width: 360, colorScheme });
    await choose(page);
    await askOwn(page, `${BOX} ${'cow'.repeat(40)}`);
    await page.locator('.actions').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.locator('.rows li').first().focus();
    expect(await page.locator('.layer.has-mark').count()).toBe(1);
  });
});
