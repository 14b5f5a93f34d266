import { RepetitionDetector } from '../../answers/repetition-detector.js';
import { isEnd } from '../../base/model-spec.js';
import { buildLabelTrie, listLabelGaps } from '../../tokens/label-trie.js';
import { RecordGrammar } from '../../tokens/record-grammar.js';
import type { PaliTokenizer, TextStream } from '../../tokens/tokenizer.js';
import type { EngineEvent, EngineRequest, EngineTimings, GeneratedToken, StopReason } from '../engine.js';
import type { StepLogits } from '../model/loaded-model.js';
import { logSumExp } from '../model/log-sum-exp.js';
import type { LogitRules } from './logit-rules.js';
import { Drafter } from './drafter.js';
import { RecordDrafter } from './record-drafter.js';
import { SeededRandom } from './seeded-random.js';
import { listAlternatives, pickToken, type PickOptions } from './sampler.js';

/** What one step gave: a token (none when <eos> or a repetition ended the answer), and why it was the last. */
export interface Advance {
  readonly token?: GeneratedToken;
  readonly stop?: StopReason;
}

/** One answer in progress: from logits to tokens, their text, and its end. */
export class Generation {
  readonly #tokenizer: PaliTokenizer;
  readonly #request: EngineRequest;
  readonly #grammar: RecordGrammar | undefined;
  readonly #drafter: Drafter;
  readonly #recordDrafter: RecordDrafter | undefined;
  readonly #pick: PickOptions;
  readonly #stream: TextStream;
  readonly #repetition: RepetitionDetector;
  readonly #tokens: GeneratedToken[] = [];
  #proposed: readonly number[] = [];
  /** How many of these #drafter guessed, which learns how right it was. */
  #guessed = 0;
  /** The draft that is being run, and how many of its tokens were right so far. */
  #draft: readonly number[] = [];
  #matched = 0;
  #drafted = 0;
  #accepted = 0;
  /** Tokens that belong to the answer: all except a repetition. */
  #kept = 0;

  /** @param rules of the checkpoint, which belong to this answer alone. */
  constructor(
    request: EngineRequest,
    tokenizer: PaliTokenizer,
    private readonly rules?: LogitRules,
  ) {
    this.#tokenizer = tokenizer;
    this.#request = request;
    const labels = request.labels && buildLabelTrie(request.labels, tokenizer);
    this.#grammar =
      request.constraint === undefined ? undefined : new RecordGrammar(request.constraint, tokenizer, labels);
    this.#drafter = new Drafter(request.draft ?? [], request.constraint !== 'detect');
    this.#recordDrafter =
      request.constraint &&
      new RecordDrafter(
        tokenizer.tokens,
        request.constraint === 'segment' ? 'seg' : 'loc',
        labels ? listLabelGaps(request.labels, tokenizer) : [],
      );
    this.#pick = {
      sampling: request.sampling,
      random: SeededRandom.fromSeed(request.sampling.seed),
      tokens: tokenizer.tokens,
      ...(this.#grammar === undefined ? {} : { grammar: this.#grammar }),
      ...(rules === undefined ? {} : { rules }),
    };
    this.#stream = tokenizer.createTextStream();
    this.#repetition = new RepetitionDetector(tokenizer.tokens);
  }

  /** The token to feed to the model next; there is one after every `accept` that did not stop. */
  get lastId(): number {
    return this.#tokens[this.#tokens.length - 1].id;
  }

  /**
   * Tokens that will probably come after the last one, or must: they may be run together with it, and what they are
   * followed by is then known at once. Sampled answers have only the latter.
   * @param limit at most this many.
   */
  propose(limit: number): readonly number[] {
    const room = Math.max(0, Math.min(limit, this.#request.maxTokens - this.#tokens.length - 1));
    this.#guessed = 0;
    this.#proposed = room === 0 ? [] : this.#guess(room).slice(0, room);
    return this.#proposed;
  }

  #guess(room: number): readonly number[] {
    const forced = this.#grammar?.forcedIds ?? [];
    if (this.#request.sampling.temperature > 0) return forced;
    const ids = this.#tokens.map(({ id }) => id);
    const record = this.#recordDrafter?.propose(ids) ?? [];
    if (forced.length > 0) return forced.every((id, i) => record[i] === id) ? record : forced;
    const draft = this.#drafter.propose(ids, room);
    this.#guessed = draft.length;
    return draft.every((id, i) => record[i] === id) ? record : draft;
  }

  /** Run the first `count` of the proposed tokens together with the last one. */
  startDraft(count: number): readonly number[] {
    this.#matched = 0;
    this.#draft = this.#proposed.slice(0, count);
    this.#drafted += this.#draft.length;
    return this.#draft;
  }

  /** How many tokens of the draft were right. */
  endDraft(accepted: number): void {
    const guessed = Math.min(this.#guessed, this.#draft.length);
    if (guessed > 0) this.#drafter.note(guessed, Math.min(accepted, guessed));
    this.#draft = [];
  }

  /** Whether only a location or segmentation token can be next, and nobody wants to know what else was likely. */
  get needsLocSegOnly(): boolean {
    const expected = this.#grammar?.expected;
    return this.#request.alternatives === 0 && (expected === 'loc' || expected === 'seg');
  }

  /**
   * Choose the next token.
   * @throws {EngineError} the logits are not finite.
   */
  accept(logits: StepLogits): Advance {
    const picked = pickToken(this.needsLocSegOnly ? amongLocSeg(logits) : logits, this.#pick);
    if (picked.id === this.#draft[this.#matched]) {
      this.#matched++;
      this.#accepted++;
    }
    if (isEnd(this.#tokenizer.tokens, picked.id)) return this.#end(this.#repetition.finish(), 'eos');
    this.rules?.push(picked.id);
    this.#grammar?.accept(picked.id);
    const keep = this.#repetition.push(picked.id, this.#tokenizer.pieceOf(picked.id) ?? '');
    if (keep !== undefined) return this.#end(keep, 'repetition');
    const token: GeneratedToken = {
      ...picked,
      text: this.#stream.push(picked.id),
      top: listAlternatives(logits, this.#request.alternatives).map((other) => ({
        ...other,
        text: this.#tokenizer.pieceOf(other.id) ?? '',
      })),
    };
    this.#tokens.push(token);
    this.#kept = this.#tokens.length;
    if (this.#kept >= this.#request.maxTokens) return { token, stop: 'length' };
    return { token };
  }

  #end(keep: number | undefined, stop: StopReason): Advance {
    if (keep === undefined) return { stop };
    this.#kept = keep;
    return { stop: 'repetition' };
  }

  /** The last event. A character made of several byte tokens now belongs to its own last token. */
  finish(stop: StopReason, timings: EngineTimings): EngineEvent {
    const kept = this.#tokens.slice(0, this.#kept);
    const pieces = this.#tokenizer.decodePieces(kept.map((token) => token.id));
    const tokens = kept.map((token, i) => ({ ...token, text: pieces[i] }));
    const drafts =
      this.#drafted === 0 ? {} : { draftedTokens: this.#drafted, acceptedTokens: this.#accepted };
    return { type: 'done', stop, raw: pieces.join(''), tokens, timings: { ...timings, ...drafts } };
  }
}

/** The same whether the whole head was read or its rows of these tokens alone, as on a CPU without a draft. */
function amongLocSeg(logits: StepLogits): StepLogits {
  return { ...logits, logSumExp: logSumExp(logits.locSegLogits) };
}
