import type { LoadedModel, StepLogits } from '../../../src/engine/model/loaded-model.js';
import type { TokenIds } from '../../../src/base/model-spec.js';

/**
 * A model that computes all that it computes, and then says the tokens of a script, as a trained one would: random
 * weights say nothing that has objects in it. One sequence at a time.
 */
export function scriptAnswers(model: LoadedModel, script: readonly number[], tokens: TokenIds): LoadedModel {
  let position = 0;
  const say = (logits: StepLogits, at: number): StepLogits => {
    const id = script[at];
    const locSegLogits = new Float32Array(logits.locSegLogits.length);
    if (id >= tokens.firstLoc) locSegLogits[id - tokens.firstLoc] = 1;
    return { topIds: Int32Array.of(id), topValues: Float32Array.of(1), logSumExp: 2, locSegLogits };
  };
  const scripted: Partial<LoadedModel> = {
    async prefill(...args) {
      const { sequence, logits } = await model.prefill(...args);
      position = 0;
      return { sequence, logits: say(logits, 0) };
    },
    async extend(rows) {
      const [[row], [all]] = [rows, await model.extend(rows)];
      position += row.tokens.length;
      return [all.map((logits, i) => say(logits, position - row.wanted + 1 + i))];
    },
    shorten(sequence, count) {
      position -= count;
      model.shorten(sequence, count);
    },
  };
  return new Proxy(model, {
    get(target, key: keyof LoadedModel): unknown {
      const value: unknown = scripted[key] ?? Reflect.get(target, key);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}
