import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a silent client is waited for, milliseconds. */
const CLIENT_SILENCE_MS = 60_000;

const MESSAGE = 'Nothing arrived for a minute.';

/**
 * End stalled connections: a request that stops arriving, an answer that is not read. A client that waits for the
 * model is not silent, and a large request may take as long as it needs while data keeps arriving.
 */
export function endSlowClients(server: Server, silenceMs = CLIENT_SILENCE_MS): void {
  const underWay = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  server.headersTimeout = silenceMs;
  // Node has a single limit for the whole request, however fast it arrives.
  server.requestTimeout = 0;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    underWay.set(request.socket, { request, response });
  });
  server.setTimeout(silenceMs, (socket: Socket) => {
    const { request, response } = underWay.get(socket) ?? {};
    const isWaiting = request?.complete === true && response?.writableFinished === false;
    // It is waiting for us, and has read everything sent so far.
    if (isWaiting && socket.writableLength === 0) return;
    if (request?.complete !== false || response === undefined || response.headersSent) {
      socket.destroy();
      return;
    }
    // Bypasses the app, which is still waiting for the rest of the body and must learn that it will not come.
    socket.end(tooSlow(), () => request.destroy(new Error(MESSAGE)));
  });
}

function tooSlow(): string {
  const error = { message: MESSAGE, type: 'invalid_request_error', param: null, code: 'request_timeout' };
  const body = JSON.stringify({ error });
  const head = ['HTTP/1.1 408 Request Timeout', 'Connection: close', 'Content-Type: application/json'];
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
