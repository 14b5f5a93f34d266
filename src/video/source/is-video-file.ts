import { open, stat } from 'node:fs/promises';

/** Room for two packets of the longest kind (204 bytes) and their marks. */
const HEAD_BYTES = 1024;
const TRANSPORT_PACKETS = [188, 192, 204] as const;
/** Boxes that an MP4 or QuickTime file may begin with; `ftyp` is looked into. */
const MOVIE_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
/** `ftyp` brands of pictures (AVIF, HEIC) and of sound. */
const OTHER_BRANDS = /^(avif|avis|mif1|msf1|heic|heix|hevc|hevx|heim|heis|hevm|hevs|jxl |M4A |M4B |M4P )/;

/**
 * Whether a file is a video, by its first bytes and never by its name. Ogg, Matroska and ASF may turn out to hold
 * sound alone: probeVideo says so. A file that cannot be read is not a video; reading it as a picture explains why.
 */
export async function isVideoFile(path: string): Promise<boolean> {
  return isVideoHead(await readFileHead(path));
}

/** Whether a file is an animated GIF or PNG, as far as its first bytes show. */
export async function isAnimationFile(path: string): Promise<boolean> {
  return isAnimationHead(await readFileHead(path));
}

/**
 * A GIF says how often to repeat it, a PNG how many frames it has. WebP is left out: few builds of
 * ffmpeg read one that moves.
 */
export function isAnimationHead(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('GIF89a')) return text.includes('\x21\xff\x0bNETSCAPE2.0');
  return text.startsWith('\x89PNG\r\n\x1a\n') && text.includes('\0\0\0\x08acTL');
}

/**
 * Nothing when the path cannot be read or is not a regular file: a pipe gives its bytes once, and opening and closing
 * it would stop its writer.
 */
async function readFileHead(path: string): Promise<Uint8Array> {
  let file;
  try {
    if (!(await stat(path)).isFile()) return new Uint8Array();
    file = await open(path, 'r');
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } catch {
    return new Uint8Array();
  } finally {
    await file?.close();
  }
}

/** Whether these are the first bytes of a video; about 600 are enough for every kind. */
export function isVideoHead(head: Uint8Array): boolean {
  const text = (from: number, to: number): string => Buffer.from(head.subarray(from, to)).toString('latin1');
  const box = text(4, 8);
  if (box === 'ftyp') return !OTHER_BRANDS.test(text(8, 12));
  return (
    MOVIE_BOXES.has(box) ||
    text(0, 4) === '\x1a\x45\xdf\xa3' || // Matroska, WebM
    (text(0, 4) === 'RIFF' && text(8, 11) === 'AVI') ||
    text(0, 4) === 'OggS' ||
    (text(0, 3) === 'FLV' && head[3] === 1) ||
    text(0, 8) === '\x30\x26\xb2\x75\x8e\x66\xcf\x11' || // ASF, WMV
    text(0, 4) === '\x06\x0e\x2b\x34' || // MXF
    ['\x00\x00\x01\xb3', '\x00\x00\x01\xba'].includes(text(0, 4)) || // MPEG-1, MPEG-2
    isBareH264(head) ||
    text(0, 9) === 'YUV4MPEG2' ||
    text(0, 4) === 'DKIF' || // bare VP8, VP9, AV1
    isTransportStream(head)
  );
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
