import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { helpTopics } from '../../../src/cli/help/help-topics.js';
import { resultFormats } from '../../../src/render/formats/result-formats.js';
import { settings } from '../../../src/cli/settings/settings.js';
import { createCsvRenderer } from '../../../src/render/formats/csv.js';
import { displayWidth } from '../../../src/render/display-width.js';
import { languages } from '../../../src/tokens/languages.js';
import { promptKinds } from '../../../src/tokens/task-prompt.js';
import { captionResult } from '../../support/results.js';
import { runPali } from '../../support/run-pali.js';

const names = helpTopics.map(({ name }) => name);

async function readTopic(name: string): Promise<string> {
  return helpTopics.find((topic) => topic.name === name)!.write();
}

/** Every variable that a source takes from the environment, with the file that does. */
function findVariables(): Map<string, string> {
  const found = new Map<string, string>();
  const files = ['src', 'commands', 'bin'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  for (const file of files.filter((path) => /\.(ts|tsx|js)$/.test(path))) {
    const source = readFileSync(file, 'utf8');
    const direct = source.matchAll(/\benv(?:\?\.)?(?:\.|\[\s*['"`])([A-Z][A-Z0-9_]+)/g);
    for (const [, name] of direct) found.set(name, file);
    // env[variable]: then it is one of the file's words that look like a variable and are no error's code.
    if (!/\benv\[[a-z]/.test(source)) continue;
    for (const [, before, name] of source.matchAll(/(\w*)\(?\s*['"]([A-Z]+_[A-Z0-9_]+)['"]/g)) {
      if (!before.endsWith('Error')) found.set(name, file);
    }
  }
  return found;
}

describe('pali help TOPIC', () => {
  it.each(names)('%s fits a terminal of 80 columns', async (name) => {
    const { stdout, stderr, exitCode } = await runPali(['help', name]);
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(stdout).toBe(await readTopic(name));
    expect(stdout.endsWith('\n')).toBe(true);
    for (const line of stdout.split('\n')) {
      expect(displayWidth(line), line).toBeLessThanOrEqual(80);
      expect(line).toBe(line.trimEnd());
    }
  });

  it('formats: all of them, and the columns that csv has', async () => {
    const page = await readTopic('formats');
    for (const format of resultFormats) expect(page).toMatch(new RegExp(`^  ${format} `, 'm'));
    const frame = { index: 0, timeSeconds: 0, endSeconds: 1 };
    const [heading] = createCsvRenderer()
      .renderResult({ ...captionResult, frame })
      .split('\r\n');
    const words = page.replace(/\s+/g, ' ');
    for (const column of heading.split(',')) expect(words).toMatch(new RegExp(`[ ,]${column}[,;. ]`));
  });

  it('prompts: each kind, as it is sent', async () => {
    const page = await readTopic('prompts');
    for (const kind of promptKinds) expect(page).toMatch(new RegExp(`^  pali .+  ${kind}( |$)`, 'm'));
  });

  it('languages: all of them', async () => {
    const page = await readTopic('languages');
    for (const { code, english } of languages)
      expect(page).toMatch(new RegExp(` ${code} +${english}( |$)`, 'm'));
    expect(page).toContain(`these ${languages.length}:`);
  });

  it('environment: every variable that a source reads', async () => {
    const page = await readTopic('environment');
    const variables = findVariables();
    // What the test must find, so that it cannot become blind: directly, through settings, and through a search.
    for (const name of ['PALI_HOME', 'PALI_DTYPE', 'ALL_PROXY', 'FFPROBE_PATH', 'TMUX']) {
      expect([...variables.keys()]).toContain(name);
    }
    /** Set by the system or for other programs, and never read from the user. */
    const own = ['CI', 'CONTINUOUS_INTEGRATION', 'NODE_ENV', 'ORT_DISABLE_TELEMETRY', 'OS', 'MSYSTEM'];
    const missing = [...variables].filter(
      ([name]) => !own.includes(name) && !new RegExp(`\\b${name}\\b`).test(page),
    );
    expect(missing, 'src/cli/help/help-environment.ts explains every variable; these it does not').toEqual(
      [],
    );
    for (const [name, { variable }] of Object.entries(settings)) {
      expect(page.replace(/\s+/g, ' ')).toMatch(new RegExp(`${variable} [^()]*\\(setting ${name}\\)`));
    }
  });
});

describe('pali help', () => {
  it('lists the topics, and so does pali --help', async () => {
    const { stdout } = await runPali(['help']);
    expect(stdout).toBe((await runPali(['--help'])).stdout);
    for (const { name, description } of helpTopics) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${description}$`, 'm'));
    }
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('COMMAND is the same as COMMAND --help', async () => {
    expect(await runPali(['help', 'detect'])).toEqual(await runPali(['detect', '--help']));
  });

  it.each([
    ['fromats', 'Did you mean: pali help formats'],
    ['capton', 'Did you mean: pali help caption'],
    ['xyzzyxyzzy', 'List them with: pali help'],
  ])('%s: exit code 2, and what was meant', async (topic, hint) => {
    const { stdout, stderr, exitCode } = await runPali(['help', topic]);
    expect([stdout, exitCode]).toEqual(['', 2]);
    expect(stderr).toContain(`'${topic}'`);
    expect(stderr).toContain(hint);
  });
});
