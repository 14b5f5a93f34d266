import { CancelledError, DamagedFileError } from '../base/errors.js';
import { allOrAbort } from '../base/signals/all-or-abort.js';
import type { HubClient } from './hub-client.js';
import { type Asked, describeRefusal } from './hub-error.js';
import type { PartialFile } from './partial-file.js';
import { retry, TransientError } from './retry.js';
import { readBody, sendRequest } from './send-request.js';

/** Requests at a time for one file: a single connection rarely uses the full bandwidth. */
const CONNECTIONS = 8;

/** What to fetch. */
export interface Transfer {
  readonly url: string;
  readonly asked: Asked;
  readonly onBytes: (count: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The server sends the whole file regardless of the requested part. */
class RangeIgnored extends Error {}

/**
 * Fill every open part of a file, several at a time; in one go from the beginning when the server does not support
 * ranges.
 * @throws {NetworkError} {ModelError} {DamagedFileError} {CancelledError}; what was fetched stays.
 */
export async function transferParts(client: HubClient, file: PartialFile, transfer: Transfer): Promise<void> {
  const open = file.listOpenParts();
  const work = async (signal: AbortSignal): Promise<void> => {
    for (let part = open.shift(); part !== undefined; part = open.shift()) {
      await fillPart(client, file, part, { ...transfer, signal });
    }
  };
  const workers = Array.from({ length: Math.min(CONNECTIONS, open.length) }, () => work);
  try {
    await allOrAbort(workers, transfer.signal);
  } catch (error) {
    if (transfer.signal?.aborted) throw new CancelledError();
    if (error instanceof RangeIgnored) return transferWhole(client, file, transfer);
    throw error;
  }
}

async function fillPart(
  client: HubClient,
  file: PartialFile,
  part: number,
  transfer: Transfer,
): Promise<void> {
  const name = transfer.asked.file ?? transfer.url;
  let before = -1;
  const attempt = async (): Promise<void> => {
    before = file.countOf(part);
    const start = part * file.partBytes;
    const [from, to] = [start + before, start + file.partLength(part) - 1];
    if (from > to) return;
    const isWhole = from === 0 && to === file.sizeBytes - 1;
    const opened = await sendRequest(
      client,
      transfer.url,
      { 'accept-encoding': 'identity', ...(!isWhole && { range: `bytes=${from}-${to}` }) },
      transfer.signal,
    );
    try {
      checkStatus(opened.response, transfer);
      if (opened.response.status === 200 && !isWhole) throw new RangeIgnored();
      checkRange(opened.response, from, file.sizeBytes, transfer);
    } catch (error) {
      opened.abandon();
      throw error;
    }
    for await (const bytes of readBody(opened, client.stallMs)) {
      if (file.countOf(part) + bytes.length > file.partLength(part)) {
        throw new TransientError('the server sent more than was asked for');
      }
      await file.append(part, bytes);
      transfer.onBytes(bytes.length);
    }
    if (file.countOf(part) < file.partLength(part)) throw new TransientError('the connection was cut');
  };
  await retry(client, name, attempt, transfer.signal, { hasProgressed: () => file.countOf(part) > before });
}

/** One stream from the first byte; parts that are already there are read and skipped. */
async function transferWhole(client: HubClient, file: PartialFile, transfer: Transfer): Promise<void> {
  const attempt = async (): Promise<void> => {
    const opened = await sendRequest(
      client,
      transfer.url,
      { 'accept-encoding': 'identity' },
      transfer.signal,
    );
    let position = 0;
    for await (const bytes of readBody(opened, client.stallMs)) {
      checkStatus(opened.response, transfer);
      for (let at = 0; at < bytes.length;) {
        const part = Math.floor(position / file.partBytes);
        const inPart = position - part * file.partBytes;
        const room = position < file.sizeBytes ? file.partLength(part) - inPart : 0;
        if (room === 0) throw wrongLength(transfer, file.sizeBytes, 'more');
        const count = Math.min(bytes.length - at, room);
        const known = Math.min(count, Math.max(0, file.countOf(part) - inPart));
        if (known < count) {
          await file.append(part, bytes.subarray(at + known, at + count));
          transfer.onBytes(count - known);
        }
        at += count;
        position += count;
      }
    }
    if (position < file.sizeBytes) throw new TransientError('the connection was cut');
  };
  await retry(client, transfer.asked.file ?? transfer.url, attempt, transfer.signal);
}

function checkStatus(response: Response, { asked }: Transfer): void {
  if (response.status === 200 || response.status === 206) return;
  throw describeRefusal(response.status, response.headers.get('x-error-code') ?? undefined, asked);
}

/** The file must be as long as the hub's list says, and the part must be the one requested. */
function checkRange(response: Response, from: number, sizeBytes: number, transfer: Transfer): void {
  if (response.status === 200) {
    // Of a compressed answer the header counts the compressed bytes; the file's own are counted as they come.
    const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
    if (length !== null && Number(length) !== sizeBytes) throw wrongLength(transfer, sizeBytes, length);
    return;
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (!range || Number(range[1]) !== from) throw new TransientError('the server sent another part');
  if (range[2] !== '*' && Number(range[2]) !== sizeBytes) throw wrongLength(transfer, sizeBytes, range[2]);
}

function wrongLength({ asked, url }: Transfer, sizeBytes: number, got: string): DamagedFileError {
  return new DamagedFileError(
    'DOWNLOAD_LENGTH',
    `${asked.file ?? url} should have ${sizeBytes} bytes, and the server sends ${got}.`,
    { hint: 'A mirror or proxy may serve another version: check HF_ENDPOINT, or try again later.' },
  );
}
