// Makes docs/page.png from a real run: serves the demo model, asks twice on the page in a browser of 1280 x 800, and takes
// what it shows. Run it with: node docs/photograph-page.mjs FILE. The browser is Chromium, /usr/bin/chromium or the one of
// PALI_TEST_CHROMIUM; without one the file is left as it is. Letters are the system's, so they differ between machines.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const executablePath = process.env.PALI_TEST_CHROMIUM ?? '/usr/bin/chromium';
const [file] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Starts a server on a free port. @returns its address, once it is told on stderr. */
async function serve(home) {
  const server = spawn(process.execPath, ['bin/pali.js', 'serve', '--port', '0'], {
    cwd: root,
    env: { ...process.env, PALI_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of server.stderr) {
    said += chunk;
    const address = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
    if (address !== undefined) return { server, address };
  }
  throw new Error(`The server did not start: ${said}`);
}

async function photograph(address) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await page.goto(address);
    await page.locator('input[type=file]').setInputFiles(join(root, 'fixtures/gallery/farm.png'));
    await page.locator('.stage .picture').waitFor();
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.asked-prompt').waitFor();
    await page.getByRole('button', { name: 'Segment' }).click();
    await page.getByRole('textbox').first().fill('cow ; tractor');
    await page.keyboard.press('Enter');
    await page.locator('.asked-prompt').nth(1).waitFor();
    await page.locator('.actions').waitFor();
    return await page.screenshot({ animations: 'disabled' });
  } finally {
    await browser.close();
  }
}

if (!existsSync(executablePath)) {
  process.stderr.write(`There is no Chromium at ${executablePath}: ${file} is left as it is.\n`);
} else {
  const home = mkdtempSync(join(tmpdir(), 'pali-page-'));
  let server;
  try {
    const started = await serve(home);
    server = started.server;
    const picture = await photograph(started.address);
    await sharp(picture).resize(1024).png({ palette: true, quality: 90, effort: 10 }).toFile(file);
  } finally {
    server?.kill();
    rmSync(home, { recursive: true, force: true });
  }
}
