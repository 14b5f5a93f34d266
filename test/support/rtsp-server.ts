import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';

/** A camera for tests that speaks as much RTSP as a player over TCP needs, and sends one clip to each caller. */
export interface RtspServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const sdp = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=test',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=video 0 RTP/AVP 26',
];

/** Serve a clip as motion JPEG (width and height divisible by 8), at the speed at which it was taken. */
export async function serveRtsp(clip: string): Promise<RtspServer> {
  const callers = new Set<Caller>();
  const server = createServer((socket) => {
    const caller = new Caller(socket, clip);
    callers.add(caller);
    socket.on('close', () => callers.delete(caller));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/camera`,
    close: async () => {
      for (const caller of callers) caller.close();
      await new Promise((closed) => server.close(closed));
    },
  };
}

class Caller {
  readonly #socket: Socket;
  readonly #clip: string;
  #packets: UdpSocket | undefined;
  #sender: ChildProcess | undefined;
  #said = '';

  constructor(socket: Socket, clip: string) {
    this.#socket = socket;
    this.#clip = clip;
    socket.setEncoding('latin1');
    socket.on('error', () => undefined).on('close', () => this.close());
    socket.on('data', (text: string) => void this.#hear(text));
  }

  close(): void {
    this.#sender?.kill('SIGKILL');
    this.#packets?.close();
    this.#sender = this.#packets = undefined;
    this.#socket.destroy();
  }

  async #hear(text: string): Promise<void> {
    this.#said += text;
    for (let end = this.#said.indexOf('\r\n\r\n'); end >= 0; end = this.#said.indexOf('\r\n\r\n')) {
      const request = this.#said.slice(0, end);
      this.#said = this.#said.slice(end + 4);
      await this.#answer(request);
    }
  }

  async #answer(request: string): Promise<void> {
    const method = /([A-Z_]+) rtsp:/.exec(request)?.[1] ?? '';
    const fields = [`CSeq: ${/CSeq: *(\d+)/i.exec(request)?.[1] ?? 0}`, 'Session: 1'];
    let body = '';
    if (method === 'OPTIONS') fields.push('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN');
    if (method === 'SETUP') fields.push('Transport: RTP/AVP/TCP;unicast;interleaved=0-1');
    if (method === 'DESCRIBE') {
      body = `${sdp.join('\r\n')}\r\n`;
      fields.push('Content-Type: application/sdp', `Content-Length: ${body.length}`);
    }
    this.#socket.write(`RTSP/1.0 200 OK\r\n${fields.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    if (method === 'PLAY') await this.#play();
    if (method === 'TEARDOWN') this.close();
  }

  /** ffmpeg makes the packets; each goes on between `$`, channel and length. */
  async #play(): Promise<void> {
    const packets = createSocket('udp4');
    this.#packets = packets;
    packets.on('message', (packet) => {
      const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 255]);
      if (!this.#socket.destroyed) this.#socket.write(Buffer.concat([head, packet]));
    });
    packets.bind(0, '127.0.0.1');
    await once(packets, 'listening');
    const { ffmpegPath } = await findFfmpeg();
    const encoding = ['-an', '-c:v', 'mjpeg', '-huffman', '0', '-pix_fmt', 'yuvj420p', '-f', 'rtp'];
    const target = `rtp://127.0.0.1:${packets.address().port}?pkt_size=1400`;
    this.#sender = spawn(ffmpegPath, ['-v', 'error', '-re', '-i', this.#clip, ...encoding, target], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    // The end of the clip is the end of the call.
    this.#sender.on('close', () => this.close());
  }
}
