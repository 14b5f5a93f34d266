import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { isSound } from '../../../src/image/decode/is-sound.js';

const bytes = (hex: string, text = ''): Uint8Array =>
  Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(text, 'latin1')]);

describe('isSound', () => {
  it.each([
    ['MP3 with a title', bytes('', 'ID3\x04')],
    ['MP3', bytes('fffb9064')],
    ['MP3 of a low rate', bytes('fff368c4')],
    ['AAC', bytes('fff15080')],
    ['M4A', bytes('0000001c', 'ftypM4A ')],
    ['WAV', bytes('', 'RIFF\0\0\0\0WAVEfmt ')],
    ['FLAC', bytes('', 'fLaC\0')],
    ['AIFF', bytes('', 'FORM\0\0\0\0AIFF')],
  ])('knows %s', async (_, head) => {
    expect(isSound(head)).toBe(true);
    const decoding = decodeImage(Buffer.concat([head, Buffer.alloc(2000)]), { name: 'song' });
    await expect(decoding).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN_FORMAT',
      message: 'song holds sound only, and no picture.',
    });
  });

  it.each([
    ['JPEG', bytes('ffd8ffe0')],
    ['WebP', bytes('', 'RIFF\0\0\0\0WEBPVP8 ')],
    ['MP4', bytes('0000001c', 'ftypisom')],
    ['a text in UTF-16', bytes('fffe', 'h\0e\0')],
    ['no frame of sound: its rate', bytes('fffbf064')],
    ['no frame of sound: its frequency', bytes('fffb9c64')],
    ['nothing', bytes('')],
  ])('does not take %s for it', (_, head) => expect(isSound(head)).toBe(false));
});
