/** Two packets of the longest kind (204 bytes) and their marks lie within; as much of a file as `nameDemuxer` wants. */
export const HEAD_BYTES = 1024;
const TRANSPORT_PACKETS = [188, 192, 204] as const;
/** Boxes that an MP4 or QuickTime file may begin with; `ftyp` is looked into. */
const MOVIE_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
/** `ftyp` brands of pictures (AVIF, HEIC) and of sound. AVIF that moves (`avis`) is a video: sharp can't read it. */
const OTHER_BRANDS = /^(avif|mif1|msf1|heic|heix|hevc|hevx|heim|heis|hevm|hevs|jxl |M4A |M4B |M4P )/;

/** What a file of each kind begins with, as Latin-1. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['\x1a\x45\xdf\xa3', 'matroska'],
  ['OggS', 'ogg'],
  ['FLV\x01', 'flv'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'asf'],
  ['\x06\x0e\x2b\x34', 'mxf'],
  ['\x00\x00\x01\xb3', 'mpegvideo'],
  ['\x00\x00\x01\xba', 'mpeg'],
  ['YUV4MPEG2', 'yuv4mpegpipe'],
  ['DKIF', 'ivf'],
];

/**
 * The demuxer of ffmpeg that reads a video that begins so; undefined for what is no video. ffmpeg is told to use this
 * one: left to choose, it would also take names for patterns and text for playlists, which name other files.
 */
export function nameDemuxer(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const box = text.slice(4, 8);
  if (box === 'ftyp') return OTHER_BRANDS.test(text.slice(8, 12)) ? undefined : 'mov';
  if (MOVIE_BOXES.has(box)) return 'mov';
  if (text.startsWith('RIFF') && text.slice(8, 11) === 'AVI') return 'avi';
  const known = BEGINNINGS.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (known !== undefined) return known;
  if (isBareH264(head)) return 'h264';
  return isTransportStream(head) ? 'mpegts' : undefined;
}

/** The same for pictures that may move: GIF and PNG. */
export function nameAnimationDemuxer(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if (text.startsWith('GIF8')) return 'gif';
  return text === '\x89PNG\r\n\x1a\n' ? 'apng' : undefined;
}

/** A start code of three or four bytes, then what a stream begins with: notes, parameters or a delimiter. */
function isBareH264(head: Uint8Array): boolean {
  const zeros = head.findIndex((byte) => byte !== 0);
  return (zeros === 2 || zeros === 3) && head[zeros] === 1 && [6, 7, 9].includes(head[zeros + 1] & 0x9f);
}

/** MPEG-TS marks every packet with 0x47; two in a row could be chance, three are not. */
function isTransportStream(head: Uint8Array): boolean {
  return TRANSPORT_PACKETS.some((length) => {
    const first = length === 192 ? 4 : 0;
    return [0, 1, 2].every((packet) => head[first + packet * length] === 0x47);
  });
}
