import { joinSignals } from '../../base/signals/join-signals.js';
import type { AskModel } from '../../mcp/tool-question.js';
import { answerQuestion } from '../answer-question.js';
import { MAX_BODY_BYTES } from '../body-size.js';
import type { App, RequestFacts, ServeContext } from '../serve-context.js';

/** The tools of `pali mcp` over HTTP: without paths, and without mask files. */
export function addMcpRoute(app: App, server: ServeContext): void {
  app.all('/mcp', async (c) => {
    // A large package, which other clients do not need.
    const { handleMcpRequest } = await import('../../mcp/handle-mcp-request.js');
    const { raw } = c.req;
    const bodyBytes = Number(c.req.header('content-length') ?? 0);
    const parts = {
      ask: askServer(server, c.get('facts'), bodyBytes, raw.signal),
      pictures: { roots: undefined, allowsPrivateUrls: server.allowsPrivateUrls },
      masks: undefined,
    };
    return handleMcpRequest(raw, parts, MAX_BODY_BYTES);
  });
}

/** Queues like every other request. A client that has left is not waited for. */
function askServer(
  server: ServeContext,
  facts: RequestFacts,
  bodyBytes: number,
  left: AbortSignal,
): AskModel {
  return async ({ task, input, minScore, keepsImages, onToken, signal }) => {
    const leave = server.admission.enter(bodyBytes);
    try {
      const question = {
        task,
        inputs: [input],
        model: {},
        sampling: { temperature: 0, topP: 1, seed: 0 },
        minScore,
        keepsImages,
      };
      const onEvent = ({ type }: { readonly type: string }): void => {
        if (type === 'token') onToken();
      };
      const until = joinSignals(signal, left);
      const { outputs } = await answerQuestion(server, facts, question, until, { onEvent });
      return outputs[0];
    } finally {
      leave();
    }
  };
}
