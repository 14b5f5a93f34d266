import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixturePath } from '../../fixtures/index.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import { runPlainFfmpeg } from './make-clip.js';

const crossing = fixturePath('video', 'crossing.mp4');
const beeping = "aevalsrc='if(between(t,5,5.2),0.8*sin(2*PI*1000*t),0)':d=10:s=48000";
const flashing = "color=black:s=64x48:r=25:d=8,drawbox=c=white:t=fill:enable='between(t,3,3.2)'";

/** Sound from 0 on, pictures from 2 s on; a white flash and a beep at 5 s. */
export async function makeLatePicture(folder: string, extension: 'mkv' | 'mp4'): Promise<string> {
  const path = join(folder, `late.${extension}`);
  const graph = ['-filter_complex', '[0:v]setpts=PTS+2/TB[v]', '-map', '[v]', '-map', '1:a'];
  const coding = ['-c:v', 'libx264', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  await runPlainFfmpeg([
    '-f',
    'lavfi',
    '-i',
    flashing,
    '-f',
    'lavfi',
    '-i',
    beeping,
    ...graph,
    ...coding,
    path,
  ]);
  return path;
}

/** Sound in 5.1 whose rear is at the sides, as AC-3 has it. */
export async function makeSideSound(folder: string): Promise<string> {
  const path = join(folder, 'side51.mkv');
  const noise = 'anoisesrc=d=8:a=0.1,pan=5.1(side)|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0';
  const streams = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'ac3', '-shortest'];
  await runPlainFfmpeg(['-i', crossing, '-f', 'lavfi', '-i', noise, ...streams, path]);
  return path;
}

/** Sound of a codec that nobody knows. */
export async function makeUnknownSound(folder: string): Promise<string> {
  const path = join(folder, 'unknown-audio.mkv');
  const streams = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-shortest'];
  await runPlainFfmpeg(['-i', crossing, '-f', 'lavfi', '-i', 'sine=440:d=8', ...streams, path]);
  const bytes = await readFile(path);
  bytes.write('A_XYZ', bytes.indexOf('A_AAC'), 'latin1');
  await writeFile(path, bytes);
  return path;
}

/** Pictures that are shown until the next one's time; the last until `endSeconds`. */
export async function makeSlides(
  folder: string,
  times: readonly number[] = [0, 0.1, 30, 90],
  endSeconds = 120,
  extension = 'mp4',
): Promise<string> {
  const pictures = ['farm', 'sea', 'street', 'beach'].map((name) => fixturePath('gallery', `${name}.png`));
  const lines = times.flatMap((time, i) => [
    `file '${pictures[i % pictures.length]}'`,
    `duration ${(times[i + 1] ?? endSeconds) - time}`,
  ]);
  const list = join(folder, `slides-${times.length}.txt`);
  const path = join(folder, `slides-${times.length}.${extension}`);
  // The last one's time counts only where another one follows.
  lines.push(`file '${pictures[(times.length - 1) % pictures.length]}'`);
  await writeFile(list, `${lines.join('\n')}\n`);
  const coding = [
    '-vf',
    'scale=64:64,format=yuv420p',
    '-vsync',
    'vfr',
    '-c:v',
    'libx264',
    '-bf',
    '0',
    '-g',
    '1',
  ];
  await runPlainFfmpeg(['-f', 'concat', '-safe', '0', '-i', list, ...coding, path]);
  return path;
}

/** Two transport streams joined with `cat`, of 8 and 9 s: times begin anew at the join. */
export async function makeJoined(folder: string): Promise<string> {
  const path = join(folder, 'joined.ts');
  const parts = [];
  for (const clip of [crossing, fixturePath('video', 'three_shots.mp4')]) {
    const part = join(folder, 'part.ts');
    await runPlainFfmpeg(['-i', clip, '-c', 'copy', '-f', 'mpegts', part]);
    parts.push(await readFile(part));
  }
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** 8 s of crossing.mp4 whose second half has another size. */
export async function makeResolutionChange(folder: string): Promise<string> {
  const path = join(folder, 'resolution-changes.ts');
  const [first, second] = [join(folder, 'r1.ts'), join(folder, 'r2.ts')];
  const coding = ['-c:v', 'libx264', '-bf', '0', '-f', 'mpegts'];
  await runPlainFfmpeg(['-i', crossing, '-t', '4', ...coding, first]);
  const smaller = ['-vf', 'scale=320:180', '-output_ts_offset', '4'];
  await runPlainFfmpeg(['-ss', '4', '-i', crossing, ...smaller, ...coding, second]);
  await writeFile(path, Buffer.concat([await readFile(first), await readFile(second)]));
  return path;
}

/** Three seconds of PQ whose primaries and matrix are not named. */
export async function makeUntaggedHdr(folder: string): Promise<string> {
  const path = join(folder, 'hdr-untagged.mp4');
  const tags = ['-x265-params', 'log-level=none:transfer=smpte2084', '-color_trc', 'smpte2084'];
  await runPlainFfmpeg([
    '-i',
    crossing,
    '-t',
    '3',
    '-pix_fmt',
    'yuv420p10le',
    '-c:v',
    'libx265',
    ...tags,
    path,
  ]);
  return path;
}

/** A picture as the first stream, the film as the second, which is the default one. */
export async function makeThumbnailFirst(folder: string): Promise<string> {
  const path = join(folder, 'thumbnail-first.mp4');
  const streams = ['-map', '0:v', '-map', '1:v', '-c:v:0', 'mjpeg', '-c:v:1', 'copy'];
  const marks = ['-disposition:v:0', '0', '-disposition:v:1', 'default'];
  await runPlainFfmpeg([
    '-i',
    fixturePath('gallery', 'farm.png'),
    '-i',
    crossing,
    ...streams,
    ...marks,
    path,
  ]);
  return path;
}

/** When the frames of a file are shown, seconds. */
export async function readTimes(path: string): Promise<number[]> {
  const { ffprobePath } = await findFfmpeg();
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
    path,
  ];
  const { stdout } = await promisify(execFile)(ffprobePath, args);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number.parseFloat(line));
}

/** When the white flash and the beep of makeLatePicture begin in a file, seconds. */
export async function findFlashAndBeep(path: string): Promise<{ flash: number; beep: number }> {
  const { ffmpegPath } = await findFfmpeg();
  const filters = ['-vf', 'negate,blackdetect=d=0.1:pix_th=0.1', '-af', 'silencedetect=n=-30dB:d=0.5'];
  const { stderr } = await promisify(execFile)(ffmpegPath, ['-i', path, ...filters, '-f', 'null', '-']);
  return {
    flash: Number(/black_start:([\d.]+)/.exec(stderr)?.[1]),
    beep: Number(/silence_end: ([\d.]+)/.exec(stderr)?.[1]),
  };
}
