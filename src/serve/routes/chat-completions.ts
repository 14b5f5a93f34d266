import { randomUUID } from 'node:crypto';
import type { ResultToken } from '../../base/task-result.js';
import type { TaskOutput } from '../../tasks/answers/task-output.js';
import { GrowingContent, toContent, toDetails } from '../answer-content.js';
import { answerQuestion, refuseFailures, type Answered } from '../answer-question.js';
import { toErrorBody } from '../http-error.js';
import type { TokenUsage } from '../meter-engine.js';
import { readJson } from '../read-json.js';
import type { App, RequestFacts, ServeContext } from '../serve-context.js';
import { streamAnswer } from '../stream-lines.js';
import { readChatRequest, type ChatRequest } from './chat-request.js';

/** What every piece of an answer begins with. */
interface ChatHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** OpenAI's chat completions. */
export function addChatCompletions(app: App, server: ServeContext): void {
  app.post('/v1/chat/completions', async (c) => {
    const leave = server.admission.enter(Number(c.req.header('content-length') ?? 0));
    const facts = c.get('facts');
    try {
      const request = readChatRequest(await readJson(c), server.allowsPrivateUrls);
      const head: ChatHead = {
        id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
        created: Math.floor(Date.now() / 1000),
        model: request.modelName ?? server.defaultModel,
      };
      if (request.isStream) return await streamChat(server, facts, request, head, leave);
      const answered = await answerQuestion(server, facts, request.question, c.req.raw.signal);
      refuseFailures(answered);
      leave();
      return c.json({
        ...head,
        object: 'chat.completion',
        choices: answered.outputs.map((output, index) => toChoice(output, index, request)),
        usage: toUsage(answered.usage),
      });
    } catch (error) {
      leave();
      throw error;
    }
  });
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

/** The beginning waits until the model takes the request, so that what is refused has its own status. */
async function streamChat(
  server: ServeContext,
  facts: RequestFacts,
  request: ChatRequest,
  head: ChatHead,
  leave: () => void,
): Promise<Response> {
  await server.models.find(request.question.model);
  return streamAnswer({ contentType: 'text/event-stream', onEnd: leave }, async (sink, signal) => {
    const chunk = (choices: readonly unknown[], usage?: TokenUsage): Promise<void> =>
      send({
        ...head,
        object: 'chat.completion.chunk',
        choices,
        ...(request.hasUsageChunk && { usage: usage === undefined ? null : toUsage(usage) }),
      });
    const send = (value: unknown): Promise<void> => sink.write(`data: ${JSON.stringify(value)}\n\n`);
    const contents = Array.from(
      { length: request.question.answers ?? 1 },
      () => new GrowingContent(request.isJson),
    );
    for (const index of contents.keys()) {
      await chunk([toDelta(index, { role: 'assistant', content: '', refusal: null })]);
    }
    try {
      const answered: Answered = await answerQuestion(server, facts, request.question, signal, (event) => {
        if (event.type !== 'token') return;
        const index = event.answerNumber ?? 0;
        const content = contents[index].push(event.token.text);
        if (content === '' && !request.hasLogprobs) return;
        const logprobs = request.hasLogprobs
          ? { content: [toTokenLogprob(event.token)], refusal: null }
          : null;
        void chunk([{ ...toDelta(index, { content }), logprobs }]);
      });
      refuseFailures(answered);
      for (const [index, { result }] of answered.outputs.entries()) {
        const content = contents[index].finish(result);
        await chunk([toDelta(index, { content, pali: toDetails(result) })]);
        await chunk([{ ...toDelta(index, {}), finish_reason: result.truncated ? 'length' : 'stop' }]);
      }
      if (request.hasUsageChunk) await chunk([], answered.usage);
    } catch (error) {
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

/** A token as OpenAI writes it, with the bytes of its text. */
function toTokenLogprob(token: ResultToken): Record<string, unknown> {
  const describe = (text: string, logprob: number): Record<string, unknown> => ({
    token: text,
    logprob,
    bytes: [...Buffer.from(text)],
  });
  const top = (token.top ?? []).map(({ text = '', logprob }) => describe(text, logprob));
  return { ...describe(token.text, token.logprob), top_logprobs: top };
}

function toUsage({ promptTokens, completionTokens }: TokenUsage): Record<string, unknown> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
