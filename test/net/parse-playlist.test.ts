import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { parsePlaylist } from '../../src/net/hls/parse-playlist.js';

const base = 'https://example.org/videos/list.m3u8';
const parse = (...lines: string[]): ReturnType<typeof parsePlaylist> =>
  parsePlaylist(['#EXTM3U', ...lines].join('\n'), base);

describe('parsePlaylist', () => {
  it('reads pieces with their parts, keys and heads', () => {
    const playlist = parse(
      '#EXT-X-TARGETDURATION:4',
      '#EXT-X-MEDIA-SEQUENCE:7',
      '#EXT-X-MAP:URI="head.mp4",BYTERANGE="100@0"',
      '#EXTINF:4.5,a title, with a comma',
      '#EXT-X-BYTERANGE:50@100',
      'all.mp4',
      '#EXT-X-KEY:METHOD=AES-128,URI="/key?a=1,2"',
      '#EXTINF:3,',
      '#EXT-X-BYTERANGE:60',
      'all.mp4',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXT-X-GAP',
      '#EXTINF:1,',
      'missing.mp4',
      'https://cdn.example.org/last.mp4',
      '#EXT-X-ENDLIST',
    );
    const head = {
      url: 'https://example.org/videos/head.mp4',
      range: { first: 0, last: 99 },
      key: undefined,
    };
    const url = 'https://example.org/videos/all.mp4';
    const iv = Buffer.from(`${'0'.repeat(31)}8`, 'hex');
    expect(playlist).toEqual({
      kind: 'segments',
      targetSeconds: 4,
      isEnded: true,
      segments: [
        { number: 7, seconds: 4.5, url, range: { first: 100, last: 149 }, head },
        {
          number: 8,
          seconds: 3,
          url,
          range: { first: 150, last: 209 },
          head,
          key: { url: 'https://example.org/key?a=1,2', iv },
        },
        { number: 10, seconds: 0, url: 'https://cdn.example.org/last.mp4', head },
      ],
    });
  });

  it('reads variants with what they hold', () => {
    const playlist = parse(
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="sound.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"',
      'low.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"',
      '/sound.m3u8',
    );
    expect(playlist).toEqual({
      kind: 'variants',
      variants: [
        {
          url: 'https://example.org/videos/low.m3u8',
          pixels: 230_400,
          bitsPerSecond: 800_000,
          isSoundOnly: false,
        },
        { url: 'https://example.org/sound.m3u8', pixels: 0, bitsPerSecond: 64_000, isSoundOnly: true },
      ],
    });
  });

  it('is led astray by no number', () => {
    const lines = [
      '#EXT-X-TARGETDURATION:1e308',
      '#EXT-X-MEDIA-SEQUENCE:-5',
      '#EXTINF:Infinity,',
      'a',
      '#EXTINF:1e300,',
      'b',
    ];
    expect(parse(...lines)).toMatchObject({
      targetSeconds: 60,
      segments: [
        { number: 0, seconds: 86_400 },
        { number: 1, seconds: 86_400 },
      ],
    });
  });

  it.each(['', '<html>', '#EXTM3U8', ' #EXTINF'])('is none: %j', (text) => {
    expect(() => parsePlaylist(text, base)).toThrow(/is not an HLS playlist/);
  });

  it('throws nothing but refusals, whatever it is given', () => {
    const word = fc.constantFrom(
      '#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x',
      '#EXTINF:',
      '#EXT-X-MAP:',
      'URI="',
      '#EXT-X-STREAM-INF:',
      '\n',
      ',',
      '"',
      '=',
      '#EXT-X-BYTERANGE:9@',
      '#EXT-X-MEDIA-SEQUENCE:',
      '1e999',
      'http://[',
      'a.ts',
      '://',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 5 }))), (words) => {
        try {
          parse(words.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  it('keeps nothing of empty lines', () => {
    const text = `#EXTM3U${'\n'.repeat(4_000_000)}\r\n a.ts \r#EXT-X-ENDLIST`;
    const before = process.memoryUsage().heapUsed;
    const playlist = parsePlaylist(text, base);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30e6);
    expect(playlist).toMatchObject({ isEnded: true, segments: [{ url: 'https://example.org/videos/a.ts' }] });
  });

  it('has bounds for lines, pieces, other playlists and attributes', () => {
    expect(() => parse('#\n'.repeat(1_000_001))).toThrow(/more than 1000000 lines/);
    expect(() => parse('a\n'.repeat(90_001))).toThrow(/more than 90000 pieces/);
    expect(() => parse('#EXT-X-STREAM-INF:A=1\na\n'.repeat(1001))).toThrow(/more than 1000 others/);
    const many = Array.from({ length: 200_000 }, (_, i) => `A${i}=1`).join(',');
    expect(parse(`#EXT-X-STREAM-INF:${many}`, 'a.m3u8')).toMatchObject({ kind: 'variants' });
  });

  it('reads long lines of nothing at once', () => {
    const long = 'A'.repeat(2_000_000);
    expect(parse(`#EXT-X-STREAM-INF:${long}`, 'a.m3u8')).toMatchObject({ kind: 'variants' });
  });
});
