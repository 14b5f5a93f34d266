import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { nameDemuxer } from '../../../src/video/source/name-demuxer.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { makeClip, runPlainFfmpeg } from '../../support/make-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const secret = fixturePath('video', 'crossing.mp4');

const dash = `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT8S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" width="640" height="360"><BaseURL>${secret}</BaseURL></Representation></AdaptationSet></Period></MPD>`;

describe('a file that names other files', () => {
  it.each([
    ['DASH behind the name of a box', `<!--free-->${dash}`],
    ['DASH', dash],
    ['HLS', `#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\n${secret}\n#EXT-X-ENDLIST\n`],
    ['HLS behind the name of a box', `1234free#EXTM3U\n#EXTINF:8,\n${secret}\n`],
    ['HLS with a key', `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${secret}"\n#EXTINF:8,\n${secret}\n`],
    ['a list to join', `ffconcat version 1.0\nfile '${secret}'\n`],
    [
      'a description of a session',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 26\n',
    ],
    ['subtitles of a talk', '{"captions":[{"duration":1,"content":"x","startTime":0}]}'],
  ])('is no video: %s', async (kind, text) => {
    const path = join(folder, `${kind.replaceAll(' ', '-')}.mp4`);
    writeFileSync(path, text);
    const { code } = (await probeVideo(path).catch((error: unknown) => error)) as { code?: string };
    expect(['VIDEO_UNREADABLE', 'VIDEO_TRUNCATED']).toContain(code);
  });

  it.each(['concat:a|b.mp4', 'subfile,,start,0,end,9,,:x.mp4', 'data:x.mp4', 'x%03d.mp4', '-i.mp4'])(
    'a name that ffmpeg might take for something else is a name: %s',
    async (name) => {
      mkdirSync(join(folder, 'names'), { recursive: true });
      const scenes = [{ ground: [9, 9, 9] as const }, { ground: [200, 9, 9] as const }];
      const clip = { width: 64, height: 48, framesPerSecond: 10, scenes };
      const path = await makeClip(join(folder, 'names'), name, clip);
      expect(await probeVideo(path)).toMatchObject({ width: 64, height: 48 });
    },
  );

  it.each([
    ['mkv', 'matroska'],
    ['webm', 'matroska'],
    ['avi', 'avi'],
    ['mov', 'mov'],
    ['ts', 'mpegts'],
    ['m2ts', 'mpegts'],
    ['flv', 'flv'],
    ['mpg', 'mpeg'],
    ['ogv', 'ogg'],
    ['wmv', 'asf'],
    ['mxf', 'mxf'],
    ['y4m', 'yuv4mpegpipe'],
    ['h264', 'h264'],
    ['ivf', 'ivf'],
    ['m2v', 'mpegvideo'],
  ])('reads .%s as %s', async (extension, container) => {
    const path = join(folder, `kind.${extension}`);
    await runPlainFfmpeg([
      '-i',
      secret,
      '-t',
      '1',
      '-r',
      '25',
      '-an',
      '-pix_fmt',
      'yuv420p',
      ...(codecs[extension] ?? []),
      path,
    ]);
    expect((await probeVideo(path)).container).toContain(container);
  });
});

const codecs: Readonly<Record<string, string[]>> = {
  ivf: ['-c:v', 'libvpx'],
  m2v: ['-c:v', 'mpeg2video'],
  mxf: ['-c:v', 'mpeg2video'],
};

it('AVIF that moves is a video, a single one is none', () => {
  const head = (brand: string): Buffer => Buffer.from(`\0\0\0\x2cftyp${brand}\0\0\0\0avifmsf1iso8`, 'latin1');
  expect([nameDemuxer(head('avis')), nameDemuxer(head('avif'))]).toEqual(['mov', undefined]);
});
