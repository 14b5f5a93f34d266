import { stripControl } from '../../base/strip-control.js';

/** Longest head of a message, and body: a description of what a camera sends has one kilobyte or two. */
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;

/** A request or an answer. */
export interface RtspMessage {
  readonly first: string;
  /** `Name: value`, without control characters; without Content-Length. */
  readonly fields: readonly string[];
  readonly body: Buffer;
}

/** A message, or data that is sent between messages, as it is. */
export type RtspItem = { readonly message: RtspMessage } | { readonly data: Buffer };

/** Cuts what comes over a connection of RTSP (RFC 2326) into messages and the data between them. */
export class RtspSplitter {
  #bytes: Buffer = Buffer.alloc(0);

  /** @returns what is complete now. @throws {RangeError} a message is too long. */
  add(chunk: Buffer): RtspItem[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const items: RtspItem[] = [];
    for (let item = this.#next(); item !== undefined; item = this.#next()) items.push(item);
    return items;
  }

  #next(): RtspItem | undefined {
    let bytes = this.#bytes;
    // Empty lines may come between messages.
    while (bytes[0] === 0x0d || bytes[0] === 0x0a) bytes = bytes.subarray(1);
    this.#bytes = bytes;
    if (bytes[0] === 0x24) {
      const length = bytes.length < 4 ? Infinity : 4 + bytes.readUInt16BE(2);
      return bytes.length < length ? undefined : { data: this.#take(length) };
    }
    const end = /\r?\n\r?\n/.exec(bytes.toString('latin1', 0, MAX_HEAD_BYTES));
    if (end === null) {
      if (bytes.length >= MAX_HEAD_BYTES) throw new RangeError('The head of a message is too long.');
      return undefined;
    }
    const [first, ...lines] = bytes.toString('latin1', 0, end.index).split(/\r?\n/).map(toLine);
    const length = Number(lines.findLast((line) => /^content-length:/i.test(line))?.split(':')[1] ?? 0);
    if (!(length >= 0 && length <= MAX_BODY_BYTES))
      throw new RangeError('The body of a message is too long.');
    const bodyAt = end.index + end[0].length;
    if (bytes.length < bodyAt + length) return undefined;
    const body = this.#take(bodyAt + length).subarray(bodyAt);
    // A line that begins with $ would be taken for data.
    const fields = lines.filter((line) => /^[\w-]+:/.test(line) && !/^content-length:/i.test(line));
    return { message: { first, fields, body } };
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}

/** The bytes of a message. */
export function writeMessage({ first, fields, body }: RtspMessage): Buffer {
  const length = body.length === 0 ? [] : [`Content-Length: ${body.length}`];
  return Buffer.concat([
    Buffer.from(`${[first, ...fields, ...length].join('\r\n')}\r\n\r\n`, 'latin1'),
    body,
  ]);
}

/** The value of a field; undefined where there is none. */
export function fieldOf({ fields }: RtspMessage, name: string): string | undefined {
  const start = `${name.toLowerCase()}:`;
  return fields
    .find((field) => field.toLowerCase().startsWith(start))
    ?.slice(start.length)
    .trim();
}

/** The same message with a field of another value. */
export function withField(message: RtspMessage, name: string, value: string | undefined): RtspMessage {
  const start = `${name.toLowerCase()}:`;
  const others = message.fields.filter((field) => !field.toLowerCase().startsWith(start));
  return { ...message, fields: value === undefined ? others : [...others, `${name}: ${value}`] };
}

function toLine(text: string): string {
  return stripControl(text).replaceAll('\r', '').trim();
}
