import { parseRecords } from '../../answers/parse-records.js';
import { placeMask } from '../../answers/place-mask.js';
import { toDetections } from '../../answers/to-detections.js';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import type { TaskResult } from '../../base/task-result.js';
import type { EngineEvent, GeneratedToken } from '../../engine/engine.js';
import { answerInput, type InputQuestion } from './answer-input.js';
import type { AskedPart } from './ask-in-parts.js';

/** The progress of an answer. */
export interface AnswerProgress {
  /** Tokens so far; 0 once the prompt has been read and the first token is awaited. */
  readonly tokens: number;
  /** The readable text so far. */
  readonly text: string;
  /**
   * The objects so far, with boxes in the picture's pixels. The last one may be incomplete: its label can still grow.
   * Masks have the requested size.
   */
  readonly objects: readonly Detection[];
  /** Counted from the first token; 0 before the second. */
  readonly tokensPerSecond: number;
}

/** Coordinates with only some of their 16 mask codes: the box is known, the mask is not. */
const UNFINISHED_CODES = /(?:<seg\d{3}>){1,15}$/;

/** How progress is reported. */
export interface StreamOptions {
  /** The size of masks while the answer grows: preview size is cheap. */
  readonly maskSize: Size;
  /** Milliseconds between reports: a screen cannot show more. 0 reports every token. */
  readonly intervalMs: number;
}

/**
 * Ask, and report progress as the answer grows: a box as soon as its fourth coordinate is there, a mask after its
 * sixteenth code. `onProgress` is not called after the promise settles.
 *
 * @throws what answerInput throws.
 */
export async function streamAnswer(
  question: InputQuestion,
  options: StreamOptions,
  onProgress: (progress: AnswerProgress) => void,
): Promise<TaskResult> {
  const growing = new GrowingAnswer(question, options, onProgress);
  try {
    const [result] = await answerInput({ ...question, watch: (part) => growing.watch(part) });
    return result;
  } finally {
    growing.end();
  }
}

/** What one prompt has given so far. */
interface GrowingPart {
  readonly tokens: GeneratedToken[];
  /** By the object's number; undefined while being decoded. */
  readonly masks: Map<number, Float32Array | undefined>;
  raw: string;
}

class GrowingAnswer {
  readonly #question: InputQuestion;
  readonly #options: StreamOptions;
  readonly #onProgress: (progress: AnswerProgress) => void;
  /** Of the prompts about the whole picture. */
  readonly #parts: GrowingPart[] = [];
  #tokens = 0;
  #firstTokenAt = 0;
  #hasEnded = false;
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    question: InputQuestion,
    options: StreamOptions,
    onProgress: (progress: AnswerProgress) => void,
  ) {
    this.#question = question;
    this.#options = options;
    this.#onProgress = onProgress;
  }

  /** Objects in tiles are seen once they are put together; until then their tokens are counted alone. */
  watch({ tile }: AskedPart): (event: EngineEvent) => void {
    const part: GrowingPart = { tokens: [], masks: new Map(), raw: '' };
    if (tile === undefined) this.#parts.push(part);
    return (event) => {
      if (event.type === 'done') return;
      if (event.type === 'token') {
        if (this.#tokens++ === 0) this.#firstTokenAt = performance.now();
        part.tokens.push(event.token);
        part.raw += event.token.text;
      }
      this.#tellInTime();
    };
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  /** Right away if the last report was long enough ago; otherwise as soon as it is. */
  #tellInTime(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#toldAt + this.#options.intervalMs - performance.now();
    if (waitMs <= 0) this.#tell();
    else this.#timer = setTimeout(() => this.#tell(), waitMs);
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.#hasEnded) return;
    this.#toldAt = performance.now();
    const read = this.#parts.map((part) => this.#readPart(part));
    const seconds = (performance.now() - this.#firstTokenAt) / 1000;
    const count = this.#tokens;
    this.#onProgress({
      tokens: count,
      text: read[0]?.text ?? '',
      objects: read.flatMap(({ objects }) => objects),
      tokensPerSecond: count > 1 && seconds > 0 ? (count - 1) / seconds : 0,
    });
  }

  #readPart(part: GrowingPart): Pick<AnswerProgress, 'text' | 'objects'> {
    const { records, text } = parseRecords(part.raw.replace(UNFINISHED_CODES, ''));
    const { pictures, options } = this.#question;
    const { locScale, minScore = 0 } = options;
    const found = toDetections(records, pictures[0].size, part.tokens, locScale);
    const objects = found.map((object, index) => this.#addMask(part, object, index));
    // The score of an object that is still being written is not known.
    return { text, objects: objects.filter(({ score }, i) => score >= minScore || i === objects.length - 1) };
  }

  #addMask(part: GrowingPart, object: Detection, index: number): Detection {
    if (object.codes === undefined) return object;
    const mask = part.masks.get(index);
    if (mask !== undefined) return { ...object, mask: placeMask(mask, object.bins, this.#options.maskSize) };
    if (!part.masks.has(index)) this.#decodeMask(part, object.codes, index);
    return object;
  }

  #decodeMask(part: GrowingPart, codes: readonly number[], index: number): void {
    part.masks.set(index, undefined);
    this.#question.engine.decodeMasks([codes]).then(
      ([mask]) => {
        part.masks.set(index, mask);
        this.#tellInTime();
      },
      // The whole answer is read again at the end, and fails there with the reason.
      () => undefined,
    );
  }
}
