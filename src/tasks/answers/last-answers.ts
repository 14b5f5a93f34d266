import type { DoneEvent } from '../../engine/engine.js';

/** The last answer to each prompt: the next answer about a video is often the same, and then needs fewer model runs. */
export class LastAnswers {
  readonly #ids = new Map<string, readonly number[]>();

  /** Token ids of the last answer, if there was one. */
  get(prompt: string): readonly number[] | undefined {
    return this.#ids.get(prompt);
  }

  set(prompt: string, { tokens }: DoneEvent): void {
    this.#ids.set(
      prompt,
      tokens.map(({ id }) => id),
    );
  }
}
