import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';

const EXECUTABLE = process.env['PALI_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser; tests that need one are skipped otherwise. */
export const hasChromium = existsSync(EXECUTABLE);
if (!hasChromium) process.stderr.write('There is no Chromium: tests of the pages are skipped.\n');

/** How a page is opened. */
export interface PageOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

let browser: Promise<Browser> | undefined;
const opened: { readonly page: Page; readonly problems: string[] }[] = [];

/**
 * A page in a real browser. Whatever the page complains about (errors, a policy that stopped something, a request to
 * another host) fails the test at its end.
 */
export async function openPage(
  url: string,
  { width = 1280, colorScheme = 'light' }: PageOptions = {},
): Promise<Page> {
  browser ??= chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  const page = await (
    await browser
  ).newPage({
    viewport: { width, height: 800 },
    colorScheme,
    acceptDownloads: true,
  });
  const problems: string[] = [];
  page.setDefaultTimeout(10_000);
  opened.push({ page, problems });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('dialog', (dialog) => {
    problems.push(`it ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const isOwn =
      new URL(request.url()).origin === new URL(url).origin || /^(data|blob):/.test(request.url());
    if (!isOwn) problems.push(`it asked for ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

/** Complaints of a page so far; taking them keeps them from failing the test. */
export function takeProblems(page: Page): string[] {
  return opened.find((one) => one.page === page)?.problems.splice(0) ?? [];
}

afterEach(async () => {
  const all = opened.splice(0);
  for (const { page } of all) await page.close();
  expect(all.flatMap(({ problems }) => problems)).toEqual([]);
});

afterAll(async () => {
  await (await browser)?.close();
});
