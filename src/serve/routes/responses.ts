import { GrowingContent, toContent } from '../answer-content.js';
import { answerQuestion, refuseFailures } from '../answer-question.js';
import { toErrorBody } from '../http-error.js';
import { readJson } from '../read-json.js';
import type { App, RequestFacts, ServeContext } from '../serve-context.js';
import { streamAnswer, type StreamParts } from '../stream-lines.js';
import { withPlace } from '../with-place.js';
import { toTokenLogprob } from './chat-answer.js';
import { ResponseBuilder } from './responses-answer.js';
import { readResponsesRequest, type ResponsesRequest } from './responses-request.js';

/** OpenAI's responses, without any state kept from one to the next. */
export function addResponses(app: App, server: ServeContext): void {
  app.post('/v1/responses', (c) =>
    withPlace(c, server, async (onEnd) => {
      const facts = c.get('facts');
      const { signal } = c.req.raw;
      const request = readResponsesRequest(await readJson(c), server.allowsPrivateUrls);
      const builder = new ResponseBuilder(request, request.modelName ?? server.defaultModel);
      if (request.isStream) return streamResponse(server, facts, request, builder, { signal, onEnd });
      const answered = await answerQuestion(server, facts, request.question, signal);
      refuseFailures(answered);
      onEnd();
      return c.json(builder.finished(answered.outputs[0].result, answered.usage));
    }),
  );
}

/** The events in OpenAI's order. The first come with the first token, so that a refused request gets its own status. */
function streamResponse(
  server: ServeContext,
  facts: RequestFacts,
  { question, isJson, hasLogprobs }: ResponsesRequest,
  builder: ResponseBuilder,
  parts: Pick<StreamParts, 'signal' | 'onEnd'>,
): Promise<Response> {
  return streamAnswer({ ...parts, contentType: 'text/event-stream' }, async (sink, signal) => {
    let number = 0;
    const send = (type: string, fields: Record<string, unknown>): Promise<void> => {
      const event = { type, sequence_number: number++, ...fields };
      return sink.write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
    };
    const place = { item_id: builder.messageId, output_index: 0, content_index: 0 };
    const content = new GrowingContent(isJson);
    let hasBegun = false;
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      void send('response.created', { response: builder.begun() });
      void send('response.in_progress', { response: builder.begun() });
      void send('response.output_item.added', { output_index: 0, item: builder.message() });
      void send('response.content_part.added', { ...place, part: builder.part('') });
    };
    const sendDelta = (delta: string, logprobs: readonly unknown[] = []): Promise<void> =>
      send('response.output_text.delta', { ...place, delta, logprobs });
    try {
      const answered = await answerQuestion(server, facts, question, signal, {
        onEvent: (event) => {
          if (event.type !== 'token') return;
          begin();
          const delta = content.push(event.token.text);
          if (delta !== '') void sendDelta(delta, hasLogprobs ? [toTokenLogprob(event.token)] : []);
        },
      });
      refuseFailures(answered);
      begin();
      const [{ result }] = answered.outputs;
      const rest = content.finish(result);
      if (rest !== '') await sendDelta(rest);
      const text = toContent(result, isJson);
      const part = builder.part(text, result);
      await send('response.output_text.done', { ...place, text, logprobs: part['logprobs'] });
      await send('response.content_part.done', { ...place, part });
      await send('response.output_item.done', { output_index: 0, item: builder.message(result) });
      const type = result.truncated ? 'response.incomplete' : 'response.completed';
      await send(type, { response: builder.finished(result, answered.usage) });
    } catch (error) {
      if (!hasBegun) throw error;
      if (signal.aborted) return;
      const body = toErrorBody(error);
      facts.error = body.error.message;
      await send('response.failed', { response: builder.failed(body) });
    }
  });
}
