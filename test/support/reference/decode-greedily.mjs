/**
 * Answer prompts greedily with a loaded model, up to `together` at once: a prompt starts as soon as there is
 * room, so sequences join and leave at different times. Plain JavaScript, because the WebGPU tests run it in a
 * process of their own, on the built program.
 *
 * @param {import('../../../src/engine/model/loaded-model.js').LoadedModel} model
 * @param {readonly import('./decode-greedily.d.mts').GreedyPrompt[]} prompts
 * @param {number} together
 * @returns {Promise<import('./decode-greedily.d.mts').GreedyAnswer[]>}
 */
export async function decodeGreedily(model, prompts, together = 1) {
  const answers = prompts.map(() => ({ ids: [], steps: [] }));
  const waiting = prompts.map((prompt, index) => ({ prompt, answer: answers[index] }));
  const alive = [];
  while (waiting.length > 0 || alive.length > 0) {
    while (waiting.length > 0 && alive.length < together && canStart(model, waiting[0].prompt)) {
      const { prompt, answer } = waiting.shift();
      const { sequence, logits } = await model.prefill(prompt.features, prompt.ids, prompt.maxNewTokens);
      alive.push({ prompt, answer, sequence });
      take(prompt, answer, logits);
    }
    for (const entry of alive.filter(({ prompt, answer }) => isDone(model, prompt, answer))) {
      model.release(entry.sequence);
      alive.splice(alive.indexOf(entry), 1);
    }
    if (alive.length === 0) continue;
    const rows = alive.map(({ sequence, answer }) => ({ sequence, token: answer.ids.at(-1) }));
    const logits = await model.step(rows);
    alive.forEach(({ prompt, answer }, index) => take(prompt, answer, logits[index]));
  }
  return answers;
}

function canStart(model, { features, ids, maxNewTokens }) {
  const width = model.spec.text.hiddenSize;
  const imageTokens = features.reduce((sum, values) => sum + values.length / width, 0);
  return model.canStart(imageTokens + ids.length, maxNewTokens);
}

function take({ forcedIds, keepsLocSeg }, answer, { topIds, topValues, logSumExp, locSegLogits }) {
  const step = { topIds: [...topIds], topValues: [...topValues], logSumExp };
  answer.steps.push(keepsLocSeg ? { ...step, locSegLogits: [...locSegLogits] } : step);
  answer.ids.push(forcedIds?.[answer.ids.length] ?? topIds[0]);
}

function isDone(model, { forcedIds, maxNewTokens }, { ids }) {
  if (forcedIds) return ids.length === forcedIds.length;
  return ids.length >= maxNewTokens || ids.at(-1) === model.spec.tokens.eos;
}
