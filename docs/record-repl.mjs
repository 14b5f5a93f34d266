// Makes docs/repl.svg from a real run: types at the REPL with the demo model in a terminal of 84 x 30, takes what the
// screen shows at each step, and writes the steps as one animated picture. Run it with: node docs/record-repl.mjs [FILE]
// With --first only the first prompt is recorded, as the test does that compares it with the picture in docs.
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COLUMNS = 84;
const ROWS = 30;
/** Of a character in the picture, pixels. */
const WIDTH = 8;
const HEIGHT = 18;
const GROUND = '#16181d';
const TEXT = '#d6d9e0';
const COLORS = ['#16181d', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#d6d9e0'];
/** How long a step is shown, seconds. */
const STEP_SECONDS = 0.12;
const REST_SECONDS = 2.4;

/** Block characters as the quarters of a cell that are filled: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
const BLOCKS = {
  ...{ '▘': 1, '▝': 2, '▀': 3, '▖': 4, '▌': 5, '▞': 6, '▛': 7 },
  ...{ '▗': 8, '▚': 9, '▐': 10, '▜': 11, '▄': 12, '▙': 13, '▟': 14, '█': 15 },
};

const isFirstOnly = process.argv.includes('--first');
const file = process.argv.slice(2).find((word) => !word.startsWith('--'));
const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'pali-record-'));
const screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
const steps = [];
const rows = new Map();

const pty = spawn(process.execPath, ['bin/pali.js', 'fixtures/gallery/farm.png'], {
  cols: COLUMNS,
  rows: ROWS,
  name: 'xterm-256color',
  cwd: root,
  env: { ...process.env, PALI_HOME: home, COLORTERM: 'truecolor', TERM_PROGRAM: 'vscode', LANG: 'C.UTF-8' },
});
pty.onData((data) => screen.write(data));

const sleep = (ms) => new Promise((settle) => setTimeout(settle, ms));

function screenText() {
  const { active } = screen.buffer;
  return Array.from(
    { length: ROWS },
    (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
  ).join('\n');
}

function colorOf(cell, isGround) {
  const isRgb = isGround ? cell.isBgRGB() : cell.isFgRGB();
  const isPalette = isGround ? cell.isBgPalette() : cell.isFgPalette();
  const value = isGround ? cell.getBgColor() : cell.getFgColor();
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (isPalette) return COLORS[value % 8];
  return isGround ? GROUND : TEXT;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One row as SVG: blocks as rectangles, other characters as text; equal neighbours are joined. */
function drawRow(y) {
  const line = screen.buffer.active.getLine(screen.buffer.active.baseY + y);
  const rectangles = [];
  const texts = [];
  const add = (list, item, same) => {
    const last = list.at(-1);
    if (last !== undefined && last.x + last.columns === item.x && same(last)) {
      last.columns += item.columns;
      if (item.text !== undefined) last.text += item.text;
    } else list.push(item);
  };
  for (let x = 0; line && x < COLUMNS; x++) {
    const cell = line.getCell(x);
    const text = cell.getChars();
    if (cell.getWidth() === 0 || text === '' || text === ' ') continue;
    const color = colorOf(cell, false);
    if (BLOCKS[text] !== undefined) {
      for (const [quarter, bit] of [1, 2, 4, 8].entries()) {
        const half = quarter >> 1;
        const fill = BLOCKS[text] & bit ? color : colorOf(cell, true);
        const list = (rectangles[half] ??= []);
        add(list, { x: x + (quarter % 2) / 2, columns: 0.5, fill, half }, (last) => last.fill === fill);
      }
      continue;
    }
    const style = `${color}${cell.isDim() ? ' opacity=".55"' : ''}${cell.isBold() ? ' font-weight="bold"' : ''}`;
    add(texts, { x, columns: cell.getWidth(), text, style }, (last) => last.style === style);
  }
  const parts = rectangles.flat().map(({ x, columns, fill, half }) => {
    const top = (half * HEIGHT) / 2;
    return `<rect x="${(x * WIDTH).toFixed(1)}" y="${top}" width="${(columns * WIDTH + 0.3).toFixed(1)}" height="${HEIGHT / 2 + 0.3}" fill="${fill}"/>`;
  });
  for (const { x, columns, text, style } of texts) {
    const [fill, ...rest] = style.split(' ');
    parts.push(
      `<text x="${(x * WIDTH).toFixed(1)}" y="${HEIGHT - 5}" textLength="${(columns * WIDTH).toFixed(1)}" fill="${fill}" ${rest.join(' ')}>${escape(text)}</text>`,
    );
  }
  return parts.join('');
}

/** Keep what the screen shows now; a row that was seen before is not written again. */
function take(seconds) {
  const ids = Array.from({ length: ROWS }, (_, y) => {
    const row = drawRow(y);
    if (!rows.has(row)) rows.set(row, rows.size);
    return rows.get(row);
  });
  const last = steps.at(-1);
  if (last !== undefined && last.ids.join() === ids.join()) last.seconds += seconds;
  else steps.push({ ids, seconds });
}

async function until(wanted) {
  for (let i = 0; i < 2400 && !wanted.test(screenText()); i++) {
    await sleep(50);
    take(STEP_SECONDS / 2);
  }
  if (!wanted.test(screenText())) throw new Error(`The screen never showed ${wanted}:\n${screenText()}`);
  await sleep(200);
  take(REST_SECONDS);
}

async function type(text) {
  for (const key of text) {
    pty.write(key);
    await sleep(60);
    take(STEP_SECONDS / 2);
  }
  await sleep(150);
  take(STEP_SECONDS * 4);
  pty.write('\r');
}

async function record() {
  while (!/demo fp32 · cpu/.test(screenText())) await sleep(50);
  await sleep(300);
  take(REST_SECONDS / 2);
  await type('segment cow ; tractor');
  await until(/2 objects · /);
  if (isFirstOnly) return;
  await type('caption es');
  await until(/un árbol, una vaca/);
  await type('how many animals are there?');
  await until(/› how many animals are there\?\n {2}\S/);
  await type('@fixtures/video/crossing.mp4 ');
  await until(/change with/);
  await type('detect tractor ; dog');
  await until(/8 frames · /);
}

function write() {
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const used = [...rows.entries()].filter(([row]) => row !== '');
  const symbols = used.map(([row, id]) => `<g id="r${id}">${row}</g>`).join('\n');
  const empty = rows.get('');
  let from = 0;
  // What does not move the picture shows the last step.
  const frames = steps.map(({ ids, seconds }, index) => {
    const start = (from / total) * 100;
    from += seconds;
    const end = (from / total) * 100;
    const uses = ids.map((id, y) => (id === empty ? '' : `<use href="#r${id}" y="${y * HEIGHT}"/>`)).join('');
    const style = `@keyframes k${index}{0%,${Math.max(0, start - 0.001).toFixed(3)}%{visibility:hidden}${start.toFixed(3)}%,${(end - 0.001).toFixed(3)}%{visibility:visible}${end.toFixed(3)}%,100%{visibility:hidden}}`;
    return {
      style,
      group: `<g style="visibility:${index === steps.length - 1 ? 'visible' : 'hidden'};animation:k${index} ${total.toFixed(1)}s step-end infinite">${uses}</g>`,
    };
  });
  const width = Math.ceil(COLUMNS * WIDTH) + 32;
  const height = ROWS * HEIGHT + 32;
  writeFileSync(
    file ?? new URL('repl.svg', import.meta.url),
    [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="pali in a terminal: it segments a cow and a tractor, captions the picture in Spanish, counts the animals and follows a tractor and a dog through a video">`,
      `<style>text{font:13.3px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}rect{shape-rendering:crispEdges}${frames.map(({ style }) => style).join('')}</style>`,
      `<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>`,
      `<defs>${symbols}</defs>`,
      `<g transform="translate(16 16)">${frames.map(({ group }) => group).join('\n')}</g>`,
      '</svg>\n',
    ].join('\n'),
  );
}

try {
  await record();
  write();
} finally {
  pty.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
}
