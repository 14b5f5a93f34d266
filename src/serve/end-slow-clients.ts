import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A client from which nothing came for so long is not waited for, milliseconds. */
export const CLIENT_SILENCE_MS = 60_000;

const MESSAGE = 'Nothing came for a minute.';

/**
 * End connections on which nothing moves: a request that does not come on, an answer that is not taken. A client that
 * waits for the model is not silent, and a large request may take its time as long as it moves.
 */
export function endSlowClients(server: Server, silenceMs = CLIENT_SILENCE_MS): void {
  const underWay = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  server.headersTimeout = silenceMs;
  // For a whole request Node has one limit, however quick it comes.
  server.requestTimeout = 0;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    underWay.set(request.socket, { request, response });
  });
  server.setTimeout(silenceMs, (socket: Socket) => {
    const { request, response } = underWay.get(socket) ?? {};
    const isWaiting = request?.complete === true && response?.writableFinished === false;
    // It waits for us, and has taken all that there was.
    if (isWaiting && socket.writableLength === 0) return;
    if (request?.complete !== false || response === undefined || response.headersSent) {
      socket.destroy();
      return;
    }
    // Past the app, which still waits for the rest of the body and must hear that it will not come.
    socket.end(tooSlow(), () => request.destroy(new Error(MESSAGE)));
  });
}

function tooSlow(): string {
  const error = { message: MESSAGE, type: 'invalid_request_error', param: null, code: 'request_timeout' };
  const body = JSON.stringify({ error });
  const head = ['HTTP/1.1 408 Request Timeout', 'Connection: close', 'Content-Type: application/json'];
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
