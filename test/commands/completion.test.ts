import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { addPaliToPath } from '../support/pali-shell.js';
import { addSampleModel } from '../support/sample-manifest.js';

const { Terminal } = xterm;
const folder = temporaryFolder();
const env = {
  PATH: addPaliToPath(folder),
  HOME: folder,
  PALI_HOME: join(folder, 'home'),
  TERM: 'xterm',
  // fish writes its own files beside its settings.
  XDG_CONFIG_HOME: folder,
  XDG_DATA_HOME: folder,
};

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

beforeAll(async () => {
  addSampleModel(join(folder, 'home', 'models'), 'my-model', 'int8');
  writeFileSync(join(folder, 'photo one.jpg'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, exitCode } = await runPali(['completion', shell]);
    expect(exitCode).toBe(0);
    writeFileSync(join(folder, `pali.${shell}`), stdout);
  }
});

/** Words before the cursor, and some of what is offered for the last. */
const cases: readonly [words: readonly string[], offered: readonly string[]][] = [
  [['pali', 'det'], ['detect']],
  [['pali', 'caption', '--la'], ['--lang']],
  [
    ['pali', 'caption', '--lang', 'f'],
    ['fa', 'fi', 'fil', 'fr'],
  ],
  [
    ['pali', 'detect', 'cup', '--format', 'js'],
    ['json', 'jsonl'],
  ],
  [
    ['pali', 'segment', '--dtype', 'int'],
    ['int8', 'int4', 'int8-int4'],
  ],
  [['pali', 'caption', '--model', 'my'], ['my-model']],
  [['pali', 'use', 'm'], ['my-model']],
  [['pali', 'help', 'for'], ['formats']],
  [['pali', 'help', 'seg'], ['segment']],
  [['pali', 'config', 'se'], ['set']],
  [
    ['pali', 'config', 'set', 'de'],
    ['default-model', 'device'],
  ],
  [['pali', 'bench', '--synthetic', 'paligemma-3b-4'], ['paligemma-3b-448']],
  [['pali', '--mod'], ['--model']],
  [['pali', '--model', 'my'], ['my-model']],
  [['pali', '--model', 'my-model', 'seg'], ['segment']],
  [['pali', '--model', 'my-model', 'caption', '--la'], ['--lang']],
];

describe('pali completion', () => {
  it('knows three shells', async () => {
    const { exitCode, stderr } = await runPali(['completion', 'tcsh']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
  });

  it.each(cases)('bash: %j', (words, offered) => {
    expect(completeInBash(words)).toEqual(offered);
  });

  it('bash: a value after =, and files where a value may be left out', () => {
    expect(completeInBash(['pali', 'detect', '--show', '=', 'si'])).toEqual(['sixel']);
    expect(completeInBash(['pali', 'detect', '--format', '='])).toContain('coco');
    expect(completeInBash(['pali', 'detect', '--show', 'photo'])).toEqual([]);
  });

  it.runIf(isInstalled('fish')).each(cases)('fish: %j', (words, offered) => {
    const script = `source ${join(folder, 'pali.fish')}; complete -C '${words.join(' ')}'`;
    const found = execFileSync('fish', ['-c', script], { env, cwd: folder, encoding: 'utf8' });
    const names = found.split('\n').map((line) => line.split('\t')[0]);
    for (const name of offered) expect(names).toContain(name);
  });

  it.runIf(isInstalled('zsh'))('zsh: in a terminal', async () => {
    const shell = spawn('zsh', ['-f', '-i'], { cols: 200, rows: 50, cwd: folder, env });
    const terminal = new Terminal({ cols: 200, rows: 50, allowProposedApi: true });
    shell.onData((text) => terminal.write(text));
    const readScreen = (): string => {
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, i) =>
        active.getLine(i)!.translateToString(true),
      );
      return lines.join('\n');
    };
    const waitFor = async (text: string): Promise<void> => {
      for (let turns = 0; !readScreen().includes(text); turns++) {
        if (turns > 600) throw new Error(`zsh never wrote ${text}: ${readScreen()}`);
        await new Promise((later) => setTimeout(later, 25));
      }
    };
    shell.write(`PS1='ready> '; autoload -Uz compinit; compinit -u -D; source pali.zsh; echo lo''aded\r`);
    await waitFor('loaded');
    for (const [typed, completed] of [
      ['pali compl', 'pali completion'],
      ['pali caption --reg', 'caption --region'],
      ['pali detect cup --format cs', '--format csv'],
      ['pali caption --lang z', '--lang zh'],
      ['pali use m', 'pali use my-model'],
      ['pali help lang', 'pali help languages'],
      ['pali caption phot', 'photo\\ one.jpg'],
      ['pali --mod', 'pali --model'],
      ['pali --model my-model caption --regi', 'my-model caption --region'],
    ]) {
      // ^U wipes the line that the last one left.
      shell.write(`\u0015${typed}\t`);
      await waitFor(completed);
    }
    shell.kill();
  });
});

function completeInBash(words: readonly string[]): string[] {
  const script = `
    source ${join(folder, 'pali.bash')}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _pali
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { env, cwd: folder, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}
