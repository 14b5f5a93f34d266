import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.js';
import { buildPromptIds, MAX_PROMPT_CHARACTERS } from '../../src/tokens/build-prompt.js';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { readLines } from '../support/read-lines.js';

const tiny = await loadTokenizer('fixtures/reference/checkpoints/pg1-tiny');
const demo = await loadTokenizer('fixtures/demo');

describe('buildPromptIds', () => {
  it.each(['pg1-tiny', 'pg1-bf16-sharded', 'pg2-tiny', 'pg1-multi'])(
    'gives the recorded input ids of %s',
    (name) => {
      const lines = readLines<{ prompt: string; input_ids: number[]; image_tokens: number }>(
        `reference/golden/${name}/golden.jsonl`,
      );
      expect(lines.length).toBeGreaterThan(5);
      for (const { prompt, input_ids, image_tokens } of lines) {
        expect(buildPromptIds(tiny, prompt), JSON.stringify(prompt)).toEqual(input_ids.slice(image_tokens));
      }
    },
  );

  it("gives the recorded input ids of the demo model's prompts", () => {
    const lines = readLines<{ prompts: { prompt: string; tail_ids: number[] }[] }>('golden/golden.jsonl');
    const prompts = lines.flatMap((line) => line.prompts);
    expect(prompts.length).toBeGreaterThan(400);
    for (const { prompt, tail_ids } of prompts) expect(buildPromptIds(demo, prompt)).toEqual(tail_ids);
  });

  it.each(['', ' ', ' caption en ', '\n', 'caption en\n'])('begins with the only <bos>: %j', (prompt) => {
    const ids = buildPromptIds(tiny, prompt);
    expect(ids[0]).toBe(tiny.tokens.bos);
    expect(ids.filter((id) => id === tiny.tokens.bos)).toHaveLength(1);
    expect(tiny.decode(ids)).toBe(`<bos>${prompt}\n`);
  });

  it('makes one token of a typed location', () => {
    expect(buildPromptIds(tiny, 'caption <loc0100>')).toContain(tiny.tokens.firstLoc + 100);
  });

  it.each(['<image>', '<bos>', '<eos>', '<pad>'])('refuses a typed %s by its name', (token) => {
    const build = (): number[] => buildPromptIds(tiny, `caption ${token} en`);
    expect(build).toThrow(UsageError);
    expect(build).toThrow(`The prompt contains ${token}`);
  });

  it('finds a reserved token that a control character hides', () => {
    expect(() => buildPromptIds(tiny, '<im\u0000age>')).toThrow('<image>');
  });

  it('keeps newlines and drops other control characters', () => {
    expect(buildPromptIds(tiny, 'a\u0007 b\r\nc\u001b[31m')).toEqual(buildPromptIds(tiny, 'a b\nc'));
  });

  it('refuses a prompt that is too long, in characters or in tokens', () => {
    expect(() => buildPromptIds(tiny, 'a'.repeat(MAX_PROMPT_CHARACTERS + 1))).toThrow('8001 characters');
    expect(() => buildPromptIds(tiny, '☕'.repeat(1000))).toThrow('3001 tokens');
  });
});
