import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Bins of a box may differ where two are nearly as likely (fixtures/golden/README.md). */
const BIN_TOLERANCE = 4;

interface Card {
  readonly image: string;
  readonly prompts: readonly { readonly prompt: string; readonly answer: string }[];
}

const home = { PALI_HOME: join(temporaryFolder(), 'home') };
const cards = JSON.parse(readFileSync(fixturePath('gallery', 'gallery.json'), 'utf8')) as Card[];
const pictures = cards.map(({ image }) => fixturePath('gallery', image));

/** The gallery's answers to a prompt, one for each picture that has it. */
function expectedAnswers(prompt: string): { picture: string; answer: string }[] {
  return cards.flatMap(({ image, prompts }) =>
    prompts
      .filter((row) => row.prompt === prompt)
      .map(({ answer }) => ({ picture: fixturePath('gallery', image), answer })),
  );
}

/** The words of an answer and the numbers of its location tokens. */
function splitAnswer(raw: string): { words: string; bins: number[] } {
  return {
    words: raw.replace(/<loc\d{4}>/g, '@'),
    bins: [...raw.matchAll(/<loc(\d{4})>/g)].map(([, digits]) => Number(digits)),
  };
}

describe('the pictures of the gallery', () => {
  beforeAll(async () => {
    expect((await runPali(['caption', '-q', pictures[0]], home)).exitCode).toBe(0);
  });

  it.each(['en', 'es', 'fr', 'de'])('have the captions that the gallery shows, in %s', async (lang) => {
    const expected = expectedAnswers(`caption ${lang}`);
    const args = [
      'caption',
      '-q',
      '--no-filename',
      '--lang',
      lang,
      ...expected.map(({ picture }) => picture),
    ];
    const { stdout } = await runPali(args, home);
    expect(stdout.trimEnd().split('\n')).toEqual(expected.map(({ answer }) => answer));
  });

  it('have every thing found', async () => {
    const expected = expectedAnswers('detect object');
    expect(expected.map(({ picture }) => picture)).toEqual(pictures);
    const { stdout } = await runPali(['detect', 'object', '-q', '--format', 'jsonl', ...pictures], home);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => splitAnswer((JSON.parse(line) as { raw: string }).raw));
    expected.forEach(({ picture, answer }, index) => {
      const { words, bins } = splitAnswer(answer);
      expect(answers[index].words, picture).toBe(words);
      answers[index].bins.forEach((bin, at) => {
        expect(Math.abs(bin - bins[at]), picture).toBeLessThanOrEqual(BIN_TOLERANCE);
      });
    });
  });
});
