import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import type { CommandDefinition } from '../../src/cli/options/command-definition.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeHub, revisionOf } from '../support/fake-hub.js';
import { readCommandBlocks, readMentions, type DocumentedCommand } from '../support/document-commands.js';
import { addPaliToPath, runLine } from '../support/pali-shell.js';

/**
 * Every command of these pages is run here, with the demo model or tiny checkpoints on a hub of the test's own,
 * except the lines named below. docs/shell.md has a test of its own, which also looks at what its lines give.
 */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...['gpu', 'models', 'performance', 'repl', 'troubleshooting', 'video'].map((name) => `docs/${name}.md`),
];

/** Lines, or what they begin with, that are not run here, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  'npm test': 'whoever reads this runs it',
  'npm run demo': 'test/commands/demo.test.ts',
  'npx vitest run test/tokens': 'a part of npm test',
  PALI_FUZZ_RUNS: 'takes long; the file is a part of npm test',
  'npm run check': '.ci/run runs it',
  'npm run pictures': 'test/commands/doc-pictures.test.ts',
  'npm run build': 'test/build-once.ts runs the same compiler before the tests',
  'npm run bench': 'takes minutes and gigabytes; that the bench exists is tested below',
  'pali bench --synthetic':
    'makes a model of 3 GB; test/diagnostics/measure-synthetic.test.ts makes a small one',
  'apt-get install': 'the system, not pali',
  'pali detect person /dev/video0': 'needs a camera',
  'pali caption rtsp://': 'test/tasks/videos/process-live.test.ts reads a camera in the network',
  'pali caption https://example.org/live': 'test/commands/live.test.ts has playlists of its own',
  'ffmpeg -f x11grab': 'needs a screen; test/tasks/videos/process-live.test.ts reads what ffmpeg sends',
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node': 'downloads CUDA libraries; that the script exists is tested below',
};

/** The token that the hub of the test takes, as somebody would type it. */
const TOKEN = 'hf_good';
const hasJq = spawnSync('jq', ['--version']).status === 0;
const folder = temporaryFolder();
const work = join(folder, 'work');
let path: string;
let hub: FakeHub;

beforeAll(async () => {
  path = addPaliToPath(folder);
  mkdirSync(work);
  // What the pages take for granted: a clone, pictures, videos, checkpoints.
  for (const name of ['bin', 'fixtures', 'node_modules']) symlinkSync(resolve(name), join(work, name), 'dir');
  cpSync(fixturePath('golden', 'p01_jpg_640x480.jpg'), join(work, 'photo.jpg'));
  cpSync(fixturePath('golden', 'p05_jpg_480x480.jpg'), join(work, 'street.jpg'));
  cpSync(fixturePath('video', 'crossing.mp4'), join(work, 'film.mp4'));
  for (const name of ['talk.mp4', 'talks/one.mp4', 'clips/one.mp4']) {
    cpSync(fixturePath('video', 'title.mp4'), join(work, name));
  }
  const tiny = fixturePath('checkpoints', 'pg1-tiny');
  for (const name of ['my-finetune', 'paligemma-3b-pt-448'])
    cpSync(tiny, join(work, name), { recursive: true });
  const adapter = fixturePath('adapters', 'lora');
  cpSync(adapter, join(work, 'my-lora'), { recursive: true });

  hub = await FakeHub.start();
  const checkpoint = revisionOf(tiny, { 'vae.npz': readFileSync(fixturePath('masks', 'vae.npz')) });
  for (const name of ['google/paligemma-3b-mix-448', 'google/paligemma-3b-pt-448']) {
    hub.repositories.set(name, { revisions: new Map([['main', checkpoint]]), onlyFor: TOKEN });
  }
  hub.repositories.set('me/my-lora', { revisions: new Map([['main', revisionOf(adapter)]]) });
});
afterAll(() => hub.stop());

/** Run the lines of one block, one after the other, in a home of its own. */
async function runBlock(commands: readonly DocumentedCommand[], home: string): Promise<void> {
  const env = {
    PATH: path,
    HOME: home,
    PALI_HOME: home,
    HF_HOME: join(home, 'hf'),
    HF_ENDPOINT: hub.endpoint,
    // Blocks that do not log in come after one that does.
    ...(commands.some(({ line }) => line.startsWith('pali login')) ? {} : { HF_TOKEN: TOKEN }),
  };
  for (const { line, output } of commands) {
    const run = await runLine(line, { cwd: work, env, input: `${TOKEN}\n` });
    expect(run.exitCode, `${line}\n${run.stdout}${run.stderr}`).toBe(0);
    if (output !== undefined) expectOutput(run.stdout, output);
  }
}

/** Bins of a box may differ where two are nearly as likely (fixtures/golden/README.md): four of them, in pixels. */
const PIXEL_TOLERANCE = 4;

/** The same words; corners may be a little off. A terminal gets aligned columns, a pipe a tab between fields. */
function expectOutput(actual: string, shown: string): void {
  const toWords = (text: string): string[] => text.trim().split(/[\s,]+/);
  const [found, expected] = [toWords(actual), toWords(shown)];
  const isNear = (a: string, b: string): boolean => Math.abs(Number(a) - Number(b)) <= PIXEL_TOLERANCE;
  expect(found.map((word, i) => (isNear(word, expected[i]) ? expected[i] : word))).toEqual(expected);
}

const isElsewhere = (line: string): boolean => Object.keys(elsewhere).some((start) => line.startsWith(start));

describe.each(pages)('%s', (page) => {
  const blocks = readCommandBlocks(page).map((block) => block.filter(({ line }) => !isElsewhere(line)));
  const rest = blocks.flatMap((commands, i) => (commands.length === 0 ? [] : [{ number: i + 1, commands }]));

  it.skipIf(rest.length === 0).each(rest)(
    'block $number does what it says',
    async ({ number, commands }) => {
      const home = join(folder, `home-${page.replace(/\W/g, '-')}-${number}`);
      await runBlock(
        commands.filter(({ line }) => hasJq || !line.includes('| jq')),
        home,
      );
    },
    300_000,
  );

  it('mentions commands and options that there are', async () => {
    for (const mention of readMentions(page)) {
      const [program, ...words] = mention.split(/\s+/);
      if (program === 'pali') await checkMention(mention, words);
      else if (program === 'node')
        expect(existsSync(words[0].replace(/^dist\/(.*)\.js$/, '$1.ts')), mention).toBe(true);
      else if (program === 'npm' && words[1] !== '--')
        expect(Object.keys(scripts), mention).toContain(words[1]);
    }
  });
});

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commandNames = readdirSync('commands').map((file) => file.replace(/\.ts$/, ''));

async function loadDefinition(name: string): Promise<CommandDefinition> {
  return ((await import(`../../commands/${name}.ts`)) as { command: CommandDefinition }).command;
}

/** `pali detect --overlay FILE`; `pali photo.jpg` and `pali IMAGE...` open a session. */
async function checkMention(mention: string, [first = '', ...rest]: readonly string[]): Promise<void> {
  if (first === '' || first.startsWith('-') || /[A-Z.]/.test(first)) return;
  expect(commandNames, mention).toContain(first);
  const known = (await loadDefinition(first)).options.flatMap(({ flags }) => flags.split(/[ ,]+/));
  for (const word of rest.filter((one) => /^\[?-{1,2}\w/.test(one))) {
    expect([...known, '--help'], mention).toContain(word.replace(/[[\]]/g, '').split('=')[0]);
  }
}

describe('the pages together', () => {
  const lines = pages.flatMap((page) =>
    readCommandBlocks(page)
      .flat()
      .map(({ line }) => line),
  );

  it.each(Object.entries(elsewhere))('%s is still in one of them (%s)', (start, why) => {
    expect(lines.some((line) => line.startsWith(start))).toBe(true);
    const [file] = /test\/\S+\.ts|\.ci\/run/.exec(why) ?? [];
    if (file !== undefined) expect(existsSync(file), why).toBe(true);
  });

  it('name benches, scripts and folders that there are', () => {
    for (const line of lines) {
      const [, bench] = /^npm run bench -- ([a-z]+)/.exec(line) ?? [];
      if (bench !== undefined) expect(existsSync(`test/bench/bench-${bench}.ts`), line).toBe(true);
      const [, script] = /^npm run ([a-z]+)/.exec(line) ?? [];
      if (script !== undefined) expect(Object.keys(scripts), line).toContain(script);
      const [, file] = /(node_modules\/\S+)/.exec(line) ?? [];
      if (file !== undefined) expect(existsSync(file) || existsSync(`${file}.js`), line).toBe(true);
    }
  });

  it('README names every command', () => {
    const readme = readFileSync('README.md', 'utf8');
    // `pali` and `pali IMAGE...` are the repl.
    for (const name of commandNames.filter((one) => one !== 'repl')) {
      expect(readme, name).toMatch(new RegExp(`\`(pali )?${name}[ \`]`));
    }
  });

  it('link to files that there are', () => {
    for (const page of pages) {
      for (const [, target] of readFileSync(page, 'utf8').matchAll(
        /\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g,
      )) {
        expect(existsSync(join(dirname(page), target)), `${page}: ${target}`).toBe(true);
      }
    }
  });
});
