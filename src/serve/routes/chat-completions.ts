import { randomUUID } from 'node:crypto';
import type { TaskOutput } from '../../tasks/answers/task-output.js';
import { toContent, toDetails } from '../answer-content.js';
import { answerQuestion, refuseFailures } from '../answer-question.js';
import { readJson } from '../read-json.js';
import type { App, ServeContext } from '../serve-context.js';
import { withPlace } from '../with-place.js';
import { toTokenLogprob, toUsage, type ChatHead } from './chat-answer.js';
import { readChatRequest, type ChatRequest } from './chat-request.js';
import { streamChat } from './chat-stream.js';

/** OpenAI's chat completions. */
export function addChatCompletions(app: App, server: ServeContext): void {
  app.post('/v1/chat/completions', (c) =>
    withPlace(c, server, async (onEnd) => {
      const facts = c.get('facts');
      const { signal } = c.req.raw;
      const request = readChatRequest(await readJson(c), server.allowsPrivateUrls);
      const head: ChatHead = {
        id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
        created: Math.floor(Date.now() / 1000),
        model: request.modelName ?? server.defaultModel,
      };
      if (request.isStream) return streamChat(server, facts, request, head, { signal, onEnd });
      const answered = await answerQuestion(server, facts, request.question, signal);
      refuseFailures(answered);
      onEnd();
      return c.json({
        ...head,
        object: 'chat.completion',
        choices: answered.outputs.map((output, index) => toChoice(output, index, request)),
        usage: toUsage(answered.usage),
      });
    }),
  );
}

function toChoice(
  { result }: TaskOutput,
  index: number,
  { isJson, hasLogprobs }: ChatRequest,
): Record<string, unknown> {
  return {
    index,
    message: {
      role: 'assistant',
      content: toContent(result, isJson),
      refusal: null,
      pali: toDetails(result),
    },
    logprobs: hasLogprobs ? { content: (result.tokens ?? []).map(toTokenLogprob), refusal: null } : null,
    finish_reason: result.truncated ? 'length' : 'stop',
  };
}
