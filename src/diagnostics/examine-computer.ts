import { readFile } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { readAvailableMemory } from '../base/machine/available-memory.js';
import { readTotalMemory } from '../base/machine/total-memory.js';
import { countCores } from '../base/machine/count-cores.js';
import { describeNoFolder, ensureFolder } from '../base/files/ensure-folder.js';
import { exitCodes, PaliError } from '../base/errors.js';
import { findFfmpeg } from '../video/ffmpeg/find-ffmpeg.js';
import { readDiskSpace } from '../base/files/read-disk-space.js';
import type { Finding } from './finding.js';

/** package.json, engines. */
const OLDEST_NODE = [20, 19] as const;
/** Older ones lack options that pali uses, and read new phones' videos badly; npm's packages hold 4.x. */
const OLDEST_GOOD_FFMPEG = 5;
/** PaliGemma 3B as int4 needs 3.4 GB and its caches. */
const SMALL_MEMORY_BYTES = 6e9;
const SMALL_DISK_BYTES = 10e9;
/** CPU features that make int8 and int4 fast, as named by Linux. */
const CPU_FEATURES = {
  avx2: 'AVX2',
  avx512f: 'AVX-512',
  avx_vnni: 'VNNI',
  avx512_vnni: 'VNNI',
  asimddp: 'dot product',
};

/** Whether Node is new enough. */
export function examineNode(version = process.versions.node): Finding {
  const [major, minor] = version.split('.').map(Number);
  const isGood = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isGood) return { name: 'node', value: version, state: 'ok' };
  const note = `pali needs Node ${OLDEST_NODE.join('.')} or newer: https://nodejs.org`;
  return { name: 'node', value: version, state: 'failed', note, exitCode: exitCodes.toolMissing };
}

/** @param find the search for ffmpeg; replaced in tests. */
export async function examineFfmpeg(find: typeof findFfmpeg = findFfmpeg): Promise<Finding> {
  try {
    const { version, origin, ffmpegPath } = await find();
    const number = Number.isFinite(version[0]) ? version.join('.') : 'development version';
    const places = { path: 'PATH', environment: 'FFMPEG_PATH', package: 'npm package' };
    const value = `${number} (${places[origin]})`;
    if (version[0] >= OLDEST_GOOD_FFMPEG) return { name: 'ffmpeg', value, state: 'ok' };
    const note = `${ffmpegPath} is old: install ffmpeg ${OLDEST_GOOD_FFMPEG} or newer`;
    return { name: 'ffmpeg', value, state: 'warning', note };
  } catch (error) {
    if (!(error instanceof PaliError)) throw error;
    const note = `needed for videos only. ${error.hint ?? ''}`.trim();
    return { name: 'ffmpeg', value: 'not installed', state: 'absent', note };
  }
}

/** The library that decodes pictures is native code, and may have been built for another computer. */
export async function examinePictures(): Promise<Finding> {
  try {
    const { readDecoderVersion } = await import('../image/decode/decoder-version.js');
    const { sharp, libvips } = readDecoderVersion();
    return { name: 'sharp', value: `${sharp} (libvips ${libvips})`, state: 'ok' };
  } catch (error) {
    const note = `${firstLine(error)} Install it again: npm install --include=optional sharp`;
    return { name: 'sharp', value: 'does not load', state: 'failed', note, exitCode: exitCodes.toolMissing };
  }
}

/** Kind of processor, and its features that make small weights fast. */
export async function describeProcessor(): Promise<{ title: string; features: string }> {
  const all = cpus();
  const usable = countCores();
  const cores = usable < all.length ? `${usable} of ${all.length} cores` : `${all.length} cores`;
  const title = `${all[0]?.model.trim() || arch()}, ${cores}`;
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/));
  const features = Object.entries(CPU_FEATURES).filter(([flag]) => flags.has(flag));
  return { title, features: [...new Set(features.map(([, name]) => name))].join(', ') };
}

/** How much memory there is, and how much of it is free. */
export function examineMemory(): Finding {
  const total = readTotalMemory();
  const free = Math.min(readAvailableMemory(), total);
  const value = `${inGigabytes(total)}, ${inGigabytes(free)} free`;
  if (free >= SMALL_MEMORY_BYTES) return { name: 'memory', value, state: 'ok' };
  const note = 'PaliGemma 3B needs about 4 GB as int4 and 6 GB as int8';
  return { name: 'memory', value, state: 'warning', note };
}

/** @param store the folder for models, created if missing. */
export async function examineDisk(store: string): Promise<Finding> {
  try {
    await ensureFolder(store);
  } catch (error) {
    const note = `${describeNoFolder(store, error)} Set PALI_HOME to a folder that you may write to.`;
    return { name: 'disk', value: 'cannot be written', state: 'failed', note, exitCode: exitCodes.input };
  }
  const { freeBytes } = await readDiskSpace(store);
  const value = `${inGigabytes(freeBytes)} free`;
  if (freeBytes >= SMALL_DISK_BYTES) return { name: 'disk', value, state: 'ok' };
  return {
    name: 'disk',
    value,
    state: 'warning',
    note: 'a checkpoint takes 6 GB, and its conversion 3 to 5 GB',
  };
}

function inGigabytes(bytes: number): string {
  return `${Math.round(bytes / 1e9)} GB`;
}

function firstLine(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return text.endsWith('.') ? text : `${text}.`;
}
