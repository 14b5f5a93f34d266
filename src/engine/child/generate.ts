import { RepetitionDetector } from '../../answers/repetition-detector.js';
import { isEnd } from '../../base/model-spec.js';
import { RecordGrammar } from '../../tokens/record-grammar.js';
import type { PaliTokenizer, TextStream } from '../../tokens/tokenizer.js';
import type { EngineEvent, EngineRequest, EngineTimings, GeneratedToken, StopReason } from '../engine.js';
import type { StepLogits } from '../model/loaded-model.js';
import type { LogitRules } from './logit-rules.js';
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
  readonly #pick: PickOptions;
  readonly #stream: TextStream;
  readonly #repetition: RepetitionDetector;
  readonly #tokens: GeneratedToken[] = [];
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
    this.#grammar =
      request.constraint === undefined ? undefined : new RecordGrammar(request.constraint, tokenizer);
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
   * Choose the next token.
   * @throws {EngineError} the logits are not finite.
   */
  accept(logits: StepLogits): Advance {
    const picked = pickToken(logits, this.#pick);
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
    return { type: 'done', stop, raw: pieces.join(''), tokens, timings };
  }
}
