import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runPlainFfmpeg } from '../support/make-clip.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const shots = fixturePath('video', 'three_shots.mp4');
const asLines = [
  '00:00:00.000\ta boat and a crab on a beach\n',
  '00:00:03.000\ta bus and a person on a street\n',
  '00:00:06.000\ta moon and a whale on the sea at night\n',
].join('');

const closing: (() => void)[] = [];
beforeAll(async () => {
  const video = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '10', '-bf', '0', '-g', '10'];
  await runPlainFfmpeg(['-i', shots, ...video, join(folder, 'shots.mkv')]);
  await runPlainFfmpeg(['-i', shots, ...video, '-movflags', '-faststart', join(folder, 'late.mp4')]);
  const pieces = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'];
  await runPlainFfmpeg(['-i', shots, ...video, ...pieces, join(folder, 'list.m3u8')]);
  await runPlainFfmpeg(['-i', shots, '-vf', 'fps=2', join(folder, 'shots.gif')]);
});
afterAll(() => closing.forEach((close) => close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The folder's files. `overrides` gives texts that are made up. */
function files({ givesParts, overrides = {} }: FileServer): RequestListener {
  return ({ url = '/', headers }, response) => {
    const name = url.slice(1);
    const content = overrides[name]?.() ?? readFileSync(join(folder, name));
    const part = givesParts ? /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') : null;
    if (part === null)
      return void response.setHeader('content-length', Buffer.byteLength(content)).end(content);
    const [first, last] = [Number(part[1]), part[2] === '' ? content.length - 1 : Number(part[2])];
    response.setHeader('content-range', `bytes ${first}-${last}/${content.length}`);
    response.writeHead(206).end(content.slice(first, last + 1));
  };
}

interface FileServer {
  readonly givesParts: boolean;
  readonly overrides?: Readonly<Record<string, () => string>>;
}

const fetching = ['caption', '--allow-private-urls', '-q'];

describe('videos at addresses', () => {
  it.each(['shots.mkv', 'late.mp4', 'list.m3u8'])(
    'are known by their content, and answered whole: %s',
    async (name) => {
      const base = await serve(files({ givesParts: true }));
      const run = await runPali([...fetching, `${base}/${name}`], home);
      expect(run).toEqual({ stdout: asLines, stderr: '', exitCode: 0 });
    },
  );

  it('are not fetched from this machine, unless that is allowed', async () => {
    const base = await serve(files({ givesParts: true }));
    const refused = await runPali(['caption', '-q', `${base}/shots.mkv`], home);
    expect(refused.stderr).toMatch(/only with --allow-private-urls/);
    expect(refused.exitCode).toBe(3);
  });

  it('may come from servers that give whole files only, when they can be read from front to back', async () => {
    const base = await serve(files({ givesParts: false }));
    expect((await runPali([...fetching, `${base}/shots.mkv`], home)).stdout).toBe(asLines);
    const late = await runPali([...fetching, `${base}/late.mp4`], home);
    expect(late.stderr).toMatch(/its server cannot send parts of files\. Download it first/);
    expect(late.exitCode).toBe(3);
  });

  it('are live when their playlist grows, and end when it does', async () => {
    const whole = readFileSync(join(folder, 'list.m3u8'), 'utf8');
    const entries = whole.match(/#EXTINF.*\n.*\n/g)!;
    const head = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n';
    let reads = 0;
    // A window of three pieces; those that read it see one more each time.
    const grow = (): string => {
      const first = Math.min(Math.floor(reads++ / 2), entries.length - 3);
      const isOver = first === entries.length - 3;
      const window = entries.slice(first, first + 3).join('');
      return `${head}#EXT-X-MEDIA-SEQUENCE:${first}\n${window}${isOver ? '#EXT-X-ENDLIST\n' : ''}`;
    };
    const base = await serve(files({ givesParts: true, overrides: { 'live.m3u8': grow } }));
    const run = await runPali([...fetching, `${base}/live.m3u8`, '--format', 'jsonl'], home);
    expect(run.exitCode).toBe(0);
    const frames = run.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { frame: Frame }).frame);
    expect(frames[0]).toMatchObject({ index: 0, timeSeconds: 0, dropped: 0 });
    for (const frame of frames) expect(frame.dropped).toBeGreaterThanOrEqual(0);
  });

  it('come through the proxy of the environment, as pictures do', async () => {
    const base = await serve(files({ givesParts: true }));
    const asked = new Set<string>();
    const proxy = createServer((request, response) => {
      asked.add(request.url!);
      response.writeHead(400).end();
    });
    proxy.on('connect', ({ url }, socket) => {
      asked.add(url!);
      const upstream = connect(Number(new URL(base).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => undefined);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    closing.push(() => (proxy.closeAllConnections(), void proxy.close()));
    const HTTP_PROXY = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const more of [[], ['--allow-private-urls']]) {
      const args = ['caption', '-q', ...more, 'http://videos.invalid/shots.mkv'];
      const run = await runPali(args, { ...home, HTTP_PROXY });
      expect(run).toEqual({ stdout: asLines, stderr: '', exitCode: 0 });
      expect(asked).toEqual(new Set(['videos.invalid:80']));
      asked.clear();
    }
  });

  it('cannot name files of this machine', async () => {
    const list = (piece: string): string =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${piece}\n#EXT-X-ENDLIST\n`;
    const secret = join(folder, 'shots.mkv');
    const overrides = {
      'plain.m3u8': () => list(secret),
      'file.m3u8': () => list(`file://${secret}`),
      'concat.m3u8': () => list(`concat:${secret}`),
    };
    const base = await serve(
      files({ givesParts: true, overrides: { ...overrides, [secret.slice(1)]: () => '' } }),
    );
    for (const name of Object.keys(overrides)) {
      const { stdout, exitCode } = await runPali([...fetching, `${base}/${name}`], home);
      expect([stdout, exitCode]).toEqual(['', 3]);
    }
  });
});

it.skipIf(process.platform === 'win32')('named pipes give pictures and videos, as stdin does', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const inputs = [
    [fixturePath('gallery', 'sea.png'), 'two dolphins, a whale and a boat on the sea\n'],
    [join(folder, 'shots.mkv'), asLines],
  ];
  for (const [file, answer] of inputs) {
    const writer = spawn('cp', [file, pipe]);
    const run = await runPali(['caption', '-q', '--no-live', pipe], home);
    expect(run).toEqual({ stdout: answer, stderr: '', exitCode: 0 });
    writer.kill();
  }
});

it('without a command a camera or a stream is told to need one', async () => {
  for (const input of ['/dev/video9', 'rtsp://me:secret@127.0.0.1/x']) {
    const { stderr, exitCode } = await runPali([input], home);
    expect(stderr).toMatch(
      /The session opens with pictures .* not with cameras or streams\.\n .*pali caption INPUT/,
    );
    expect(stderr).not.toContain('secret');
    expect(exitCode).toBe(2);
  }
});

interface Frame {
  readonly index: number;
  readonly timeSeconds: number;
  readonly dropped?: number;
}

/** The program with something on its standard input. */
function start(args: readonly string[], stdin: number | 'pipe'): ChildProcess {
  return spawn(process.execPath, [resolve('bin/pali.js'), ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...home },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

async function sendFile(path: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const file = openSync(path, 'r');
  const child = start(args, file);
  closeSync(file);
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { stdout, stderr };
}

/** A clip without end, as a camera would send it. @returns what settles when the sender could not go on. */
async function sendForever(child: ChildProcess): Promise<{ readonly ended: Promise<unknown> }> {
  const { ffmpegPath } = await findFfmpeg();
  const endless = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', join(folder, 'shots.mkv')];
  const sender = spawn(ffmpegPath, [...endless, '-c', 'copy', '-f', 'matroska', '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  closing.push(() => sender.kill('SIGKILL'));
  sender.stdout.pipe(child.stdin!);
  child.stdin!.on('error', () => undefined).on('close', () => sender.stdout.destroy());
  return { ended: once(sender, 'close') };
}

describe('standard input', () => {
  it('may be the file of a video or of a picture', async () => {
    expect((await sendFile(join(folder, 'shots.mkv'), ['caption', '-', '-q'])).stdout).toBe(asLines);
    const late = await sendFile(join(folder, 'late.mp4'), ['caption', '-', '-q']);
    expect(late.stderr).toMatch(/index is at its end\. Name the file instead/);
    const picture = await sendFile(fixturePath('gallery', 'beach.png'), ['caption', '-', '-q']);
    expect(picture.stdout).toMatch(/^a .* on a beach\n$/);
    const subtitles = await sendFile(join(folder, 'shots.mkv'), ['caption', '-', '-q', '--format', 'srt']);
    expect(subtitles.stdout).toMatch(
      /^1\n00:00:00,000 --> 00:00:03,000\na boat and a crab on a beach\n\n2\n/,
    );
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('keeps what is done when %s ends it', async (name) => {
    const output = join(folder, 'live.jsonl');
    const child = start(['caption', '-', '--format', 'jsonl', '--output', output, '--stream'], 'pipe');
    const sending = await sendForever(child);
    const closed = once(child, 'close');
    // What was answered lies beside the file until that is whole.
    while (!readParts().includes('"done"')) await new Promise((wake) => setTimeout(wake, 50));
    child.kill(name);
    expect(await closed).toEqual([130, null]);
    const events = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.map(({ event }) => event)).toContain('done');
    expect(readParts()).toBe('');
    await sending.ended;
  });

  it('is left alone when nobody reads the answers any more', async () => {
    const child = start(['caption', '-', '-q', '--format', 'jsonl'], 'pipe');
    const sending = await sendForever(child);
    const closed = once(child, 'close');
    child.stdout!.once('data', () => child.stdout!.destroy());
    expect(await closed).toEqual([0, null]);
    await sending.ended;
  });
});

function readParts(): string {
  const parts = readdirSync(folder).filter((name) => name.endsWith('.part'));
  return parts.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

describe('animated pictures', () => {
  it('are videos when an option for videos is given, else their first frame counts', async () => {
    const gif = join(folder, 'shots.gif');
    const picture = await runPali(['caption', gif, '-q'], home);
    expect(picture.stdout).toBe('a boat and a crab on a beach\n');
    const video = await runPali(['caption', gif, '-q', '--every', '3s'], home);
    expect(video.stdout).toMatch(/^00:00:00\.000\t.*\n00:00:03\.000\t.*\n00:00:06\.000\t.*\n$/);
  });
});
