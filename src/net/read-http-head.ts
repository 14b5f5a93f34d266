import type { Socket } from 'node:net';

/** Longest head of a request or an answer, bytes: the usual limit of servers. */
const MAX_HEAD_BYTES = 16 * 1024;

/** What came before the first empty line, and what has come after it already. */
export interface HttpHead {
  readonly head: string;
  readonly rest: Buffer;
}

/** Read the head of a request or an answer, and stop the socket there. @throws {RangeError} it is too long, or cut off. */
export async function readHttpHead(socket: Socket): Promise<HttpHead> {
  let bytes = Buffer.alloc(0);
  return new Promise((accept, refuse) => {
    const stop = (): void => {
      socket.off('data', take).off('end', cut).off('close', cut);
      socket.pause();
    };
    const cut = (): void => {
      stop();
      refuse(new RangeError('The connection ended within the head.'));
    };
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0 && bytes.length <= MAX_HEAD_BYTES) return;
      stop();
      if (end < 0 || end > MAX_HEAD_BYTES) refuse(new RangeError('The head is too long.'));
      else accept({ head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) });
    };
    socket.on('data', take).once('end', cut).once('close', cut);
  });
}
