import { GrowingContent, toDetails } from '../answer-content.js';
import { answerQuestion, refuseFailures } from '../answer-question.js';
import { toErrorBody } from '../http-error.js';
import type { TokenUsage } from '../meter-engine.js';
import type { RequestFacts, ServeContext } from '../serve-context.js';
import { streamAnswer, type StreamParts } from '../stream-lines.js';
import { toTokenLogprob, toUsage, type ChatHead } from './chat-answer.js';
import type { ChatRequest } from './chat-request.js';

/**
 * A chat completion in chunks: the role, the text as it comes, the end of each choice separately, the usage if it is
 * wanted, `[DONE]`. It begins with the first token, so that a request refused before then gets its own status.
 */
export function streamChat(
  server: ServeContext,
  facts: RequestFacts,
  request: ChatRequest,
  head: ChatHead,
  parts: Pick<StreamParts, 'signal' | 'onEnd'>,
): Promise<Response> {
  const { question, isJson, hasLogprobs, hasUsageChunk } = request;
  return streamAnswer({ ...parts, contentType: 'text/event-stream' }, async (sink, signal) => {
    const send = (value: unknown): Promise<void> => sink.write(`data: ${JSON.stringify(value)}\n\n`);
    const sendChunk = (choices: readonly unknown[], usage?: TokenUsage): Promise<void> =>
      send({
        ...head,
        object: 'chat.completion.chunk',
        choices,
        ...(hasUsageChunk && { usage: usage === undefined ? null : toUsage(usage) }),
      });
    const contents = Array.from({ length: question.answers ?? 1 }, () => new GrowingContent(isJson));
    let hasBegun = false;
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      for (const index of contents.keys()) {
        void sendChunk([toDelta(index, { role: 'assistant', content: '', refusal: null })]);
      }
    };
    try {
      const answered = await answerQuestion(server, facts, question, signal, {
        onEvent: (event) => {
          if (event.type !== 'token') return;
          begin();
          const index = event.answerNumber ?? 0;
          const content = contents[index].push(event.token.text);
          const logprobs = hasLogprobs ? { content: [toTokenLogprob(event.token)], refusal: null } : null;
          if (content !== '' || logprobs !== null)
            void sendChunk([{ ...toDelta(index, { content }), logprobs }]);
        },
      });
      refuseFailures(answered);
      begin();
      for (const [index, { result }] of answered.outputs.entries()) {
        const content = contents[index].finish(result);
        await sendChunk([toDelta(index, { ...(content !== '' && { content }), pali: toDetails(result) })]);
        await sendChunk([{ ...toDelta(index, {}), finish_reason: result.truncated ? 'length' : 'stop' }]);
      }
      if (hasUsageChunk) await sendChunk([], answered.usage);
    } catch (error) {
      if (!hasBegun) throw error;
      if (signal.aborted) return;
      const body = toErrorBody(error);
      facts.error = body.error.message;
      await send(body);
    }
    await sink.write('data: [DONE]\n\n');
  });
}

function toDelta(index: number, delta: Record<string, unknown>): Record<string, unknown> {
  return { index, delta, logprobs: null, finish_reason: null };
}
