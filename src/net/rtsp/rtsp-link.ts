import type { Socket } from 'node:net';
import { InputError, NetworkError, type PaliError } from '../../base/errors.js';
import { showAddress } from '../describe-fetch-error.js';
import { authorize, type Login } from './authorize.js';
import { fieldOf, RtspSplitter, withField, writeMessage, type RtspMessage } from './rtsp-splitter.js';

/** Between ffmpeg and a server. */
export interface LinkOptions {
  /** ffmpeg's connection, and the server's. */
  readonly client: Socket;
  readonly server: Socket;
  /** What ffmpeg's addresses begin with, and what the server's do instead. */
  readonly ownBase: string;
  readonly realBase: string;
  readonly login: Login | undefined;
  /** Silence for this long ends it, milliseconds. */
  readonly stallMs: number;
  readonly onFailure: (error: PaliError) => void;
}

interface SentRequest {
  /** As ffmpeg numbered it. */
  readonly number: string | undefined;
  readonly message: RtspMessage;
  readonly isAuthorized: boolean;
}

/**
 * Hands messages of RTSP on between ffmpeg and a server, written anew: addresses are the server's, names and passwords
 * are given here, and an answer that leads elsewhere is refused.
 */
export class RtspLink {
  readonly #options: LinkOptions;
  readonly #sent: SentRequest[] = [];
  #challenges: readonly string[] = [];
  #count = 0;
  #isKnown = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { client, server, onFailure } = options;
    this.#listen(client, server, (message) => this.#hearClient(message));
    this.#listen(server, client, (message) => this.#hearServer(message));
    server.setTimeout(options.stallMs, () => {
      onFailure(silent(options.stallMs));
      this.#end();
    });
  }

  #listen(from: Socket, to: Socket, hear: (message: RtspMessage) => void): void {
    const splitter = new RtspSplitter();
    from.on('data', (chunk: Buffer) => {
      try {
        for (const item of splitter.add(chunk)) {
          if ('message' in item) hear(item.message);
          else if (this.#isKnown) to.write(item.data);
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#end();
      }
      if (to.writableNeedDrain) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    // What was written still arrives.
    from.on('end', () => to.end()).on('close', () => to.end());
  }

  #hearClient(message: RtspMessage): void {
    const { ownBase, realBase } = this.#options;
    const [method = '', address = '', version] = message.first.split(' ');
    if (version === undefined || method.startsWith('RTSP/')) return;
    const isOwn = address.startsWith(ownBase);
    // Another program of this machine does not know our address.
    this.#isKnown ||= isOwn;
    if (!this.#isKnown) return this.#end();
    const real = isOwn ? `${realBase}${address.slice(ownBase.length)}` : address;
    this.#send({
      number: fieldOf(message, 'CSeq'),
      message: { ...message, first: `${method} ${real} RTSP/1.0` },
      isAuthorized: false,
    });
  }

  #send({ number, message }: SentRequest): void {
    const { login, server } = this.#options;
    const [method, url] = message.first.split(' ');
    const answer = login && authorize(this.#challenges, login, { method, url });
    this.#sent.push({ number, message, isAuthorized: answer !== undefined });
    const numbered = withField(message, 'CSeq', String(++this.#count));
    server.write(
      writeMessage(answer === undefined ? numbered : withField(numbered, 'Authorization', answer)),
    );
  }

  #hearServer(message: RtspMessage): void {
    const { client, login, onFailure } = this.#options;
    const status = Number(/^RTSP\/\d\.\d +(\d{3})(?: |$)/.exec(message.first)?.[1] ?? NaN);
    if (Number.isNaN(status)) return this.#answerServer(message);
    const request = this.#sent.shift();
    if (request === undefined) return;
    if (status >= 300 && status < 400) {
      onFailure(redirected(fieldOf(message, 'Location')));
      return this.#end();
    }
    if (status === 401 && login !== undefined && !request.isAuthorized) {
      this.#challenges = challengesOf(message);
      if (authorize(this.#challenges, login, { method: '', url: '' }) !== undefined)
        return this.#send(request);
    }
    if (status === 461) onFailure(onlyUdp());
    const plain = withField(withField(message, 'Location', undefined), 'CSeq', request.number);
    client.write(writeMessage({ ...plain, first: `RTSP/1.0 ${status} ${reasonOf(message)}` }));
  }

  /** What a server asks by itself: whether we are still there. */
  #answerServer(message: RtspMessage): void {
    const isPing = /^(OPTIONS|GET_PARAMETER|SET_PARAMETER) /.test(message.first);
    const first = isPing ? 'RTSP/1.0 200 OK' : 'RTSP/1.0 501 Not Implemented';
    const fields = ['CSeq', 'Session'].flatMap((name) => {
      const value = fieldOf(message, name);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    this.#options.server.write(writeMessage({ first, fields, body: Buffer.alloc(0) }));
  }

  #end(): void {
    this.#options.client.destroy();
    this.#options.server.destroy();
  }
}

function challengesOf({ fields }: RtspMessage): string[] {
  return fields.flatMap((field) => /^www-authenticate: *(.*)$/i.exec(field)?.slice(1) ?? []);
}

function reasonOf({ first }: RtspMessage): string {
  return first.split(' ').slice(2).join(' ') || 'OK';
}

function redirected(location: string | undefined): InputError {
  const to = location === undefined ? '' : `: to ${showAddress(location)}`;
  return new InputError('URL_UNREADABLE', `The server leads to another address${to}.`, {
    hint: 'If you trust it, give that address instead.',
  });
}

function silent(ms: number): NetworkError {
  return new NetworkError('URL_TIMEOUT', `The server sent nothing for ${Math.round(ms / 1000)} s.`, {
    hint: 'Check the address and the connection.',
  });
}

function onlyUdp(): InputError {
  return new InputError('URL_UNREADABLE', 'The server sends its video over UDP only, which is not read.', {
    hint: 'Let ffmpeg read it: ffmpeg -rtsp_transport udp -i ADDRESS -c copy -f mpegts - | pali caption -',
  });
}
