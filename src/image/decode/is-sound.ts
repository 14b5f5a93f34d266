/** Brands of MP4 files that hold music or an audiobook. */
const SOUND_BRANDS = ['M4A ', 'M4B ', 'M4P '];

/**
 * Whether these are the first bytes of a file that holds sound only: MP3, AAC, M4A, WAV, FLAC, AIFF, AMR or MIDI.
 * Ogg, Matroska and ASF hold videos, too.
 */
export function isSound(head: Uint8Array): boolean {
  const text = (from: number, to: number): string => Buffer.from(head.subarray(from, to)).toString('latin1');
  return (
    text(0, 3) === 'ID3' ||
    isMpegAudio(head) ||
    (text(4, 8) === 'ftyp' && SOUND_BRANDS.includes(text(8, 12))) ||
    (/^(RIFF|RF64)$/.test(text(0, 4)) && text(8, 12) === 'WAVE') ||
    (text(0, 4) === 'FORM' && /^AIF[FC]$/.test(text(8, 12))) ||
    ['fLaC', 'MThd', 'wvpk'].includes(text(0, 4)) ||
    text(0, 5) === '#!AMR'
  );
}

/** A frame of MPEG audio or AAC: eleven ones, then a version, layer, rate and frequency that exist. */
function isMpegAudio([first, second, third]: Uint8Array): boolean {
  // 0xfffe, layer 1, is how texts in UTF-16 begin.
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || second >= 0xfe) return false;
  // AAC has layer 0 and no version 2.5.
  if ((second & 0x06) === 0) return (second & 0xf0) === 0xf0;
  return (second & 0x18) !== 0x08 && third >> 4 !== 0x0f && (third & 0x0c) !== 0x0c;
}
