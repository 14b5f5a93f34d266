import type { DoneEvent } from '../../engine/engine.js';

/** The last answer to each prompt: on a video the next one is often the same, and is then found in fewer runs. */
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
