// npm run bench -- reach [--part N] [--folder FOLDER] [--python PYTHON] [--before FOLDER]: which aims of speed are reached.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dtype } from '../../src/base/dtype.js';
import { MAPPED_RUNS } from '../../src/engine/model/late-packing.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import type { LoadMeasurement } from './peers/load-once.js';
import type { PeerMeasurement } from './peers/peer-sizes.js';
import { peerOptions } from './peers/peer-options.js';
import { preparePeers } from './peers/prepare-peers.js';
import { comparePeers } from './peers/report-peers.js';
import type { DraftMeasurement } from './peers/drafts-once.js';
import { runInChild } from './run-in-child.js';

const CAPTION_TOKENS = 12;
const STARTS = 9;
const STILL_SECONDS = 20;

/** One line of the table. */
interface Aim {
  readonly what: string;
  readonly atMost: number;
  /** A sentence where it could not be measured. */
  readonly measured: number | string;
  readonly details?: string;
}

/**
 * @param args as of the bench `peers`, and `--before FOLDER`: another version of pali, built, whose start with the demo
 * model is compared.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...peerOptions, before: { type: 'string' } },
  });
  const { contenders, folderOf } = await preparePeers(values.folder, Number(values.part), values.python);
  const wanted = ['pali int8-int4', 'pali int4', 'llama.cpp Q4_0', 'transformers bf16'];
  const measured = await comparePeers(
    contenders.filter(({ name }) => wanted.some((start) => name === start || name.startsWith(`${start} `))),
    Number(values.rounds),
  );
  const find = (start: string): PeerMeasurement | undefined =>
    [...measured].find(([name]) => name.startsWith(start))?.[1];
  const aims = compareTimes(
    find('pali int8-int4')!,
    find('pali int4')!,
    find('llama.cpp Q4_0'),
    find('transformers bf16'),
  );
  aims.push(...(await compareLoad(folderOf)), ...(await compareDrafts()), compareStart(values.before));
  const about = `${cpus().length} cores, ${cpus()[0].model.trim()}`;
  process.stdout.write(
    [
      `One of ${values.part} parts of PaliGemma 3B at 224 px, random weights; ${about}.`,
      '',
      '| | at most | here | |',
      '|---|---|---|---|',
      ...aims.map(showAim),
      '',
    ].join('\n'),
  );
}

function showAim({ what, atMost, measured, details }: Aim): string {
  const isNumber = typeof measured === 'number';
  const verdict = isNumber ? (measured <= atMost ? 'reached' : '**not reached**') : 'not measured';
  const here = isNumber ? `${measured.toFixed(2)}${details === undefined ? '' : ` (${details})`}` : measured;
  return `| ${what} | ${atMost.toFixed(2)} | ${here} | ${verdict} |`;
}

const firstMs = ({ visionMs = 0, prefillMs }: PeerMeasurement): number => visionMs + prefillMs;
const captionMs = (result: PeerMeasurement): number =>
  firstMs(result) + (CAPTION_TOKENS - 1) * result.tokenMs;

function compareTimes(
  both: PeerMeasurement,
  int4: PeerMeasurement,
  llama: PeerMeasurement | undefined,
  torch: PeerMeasurement | undefined,
): Aim[] {
  const compare = (
    what: string,
    atMost: number,
    ours: number,
    theirs: number | undefined,
    missing: string,
  ): Aim => {
    if (theirs === undefined) return { what, atMost, measured: missing };
    return {
      what,
      atMost,
      measured: ours / theirs,
      details: `${ours.toFixed(1)} of ${theirs.toFixed(1)} ms`,
    };
  };
  const noTorch = 'needs --python with torch and transformers';
  const noLlama = 'node-llama-cpp could not be installed';
  return [
    compare(
      'first token, int8-int4 of transformers bf16',
      ...([0.5, firstMs(both), torch && firstMs(torch), noTorch] as const),
    ),
    compare(
      `the same from picture ${MAPPED_RUNS + 1} on`,
      ...([0.5, both.laterFirstMs!, torch && firstMs(torch), noTorch] as const),
    ),
    compare(
      'prefill, int8-int4 of llama.cpp Q4_0',
      ...([0.43, both.prefillMs, llama?.prefillMs, noLlama] as const),
    ),
    compare('a token, int4 of llama.cpp Q4_0', 0.9, int4.tokenMs, llama?.tokenMs, noLlama),
    compare(
      'a token of a constrained detection, int4 of llama.cpp Q4_0',
      ...([0.65, int4.detectTokenMs!, llama?.tokenMs, noLlama] as const),
    ),
    compare(
      `a caption of ${CAPTION_TOKENS} tokens, int8-int4 of transformers bf16`,
      ...([0.35, captionMs(both), torch && captionMs(torch), noTorch] as const),
    ),
  ];
}

async function compareLoad(folderOf: (dtype: Dtype) => string): Promise<Aim[]> {
  const measure = (dtype: Dtype): Promise<LoadMeasurement> =>
    runInChild<LoadMeasurement>('peers/load-once.js', [folderOf(dtype)]);
  const [int8, both, int4] = [await measure('int8'), await measure('int8-int4'), await measure('int4')];
  const beforeMs = int8.loadMs + int8.hashMs;
  const aims: Aim[] = (
    [
      ['int8', int8],
      ['int8-int4', both],
    ] as const
  ).map(([dtype, { loadMs }]) => ({
    what: `load of ${dtype}, of int8 with every byte hashed first`,
    atMost: 0.5,
    measured: loadMs / beforeMs,
    details: `${loadMs.toFixed(0)} of ${beforeMs.toFixed(0)} ms`,
  }));
  const { packedMs, plainMs } = int4.decoder ?? {};
  const isPacked = packedMs !== undefined && plainMs !== undefined;
  aims.push({
    what: 'load of the decoder of int4 from packed weights, of the same without',
    atMost: 0.67,
    measured: isPacked ? packedMs / plainMs : 'the disk is too full for packed weights',
    ...(isPacked && { details: `${packedMs.toFixed(0)} of ${plainMs.toFixed(0)} ms` }),
  });
  return aims;
}

/** A picture that does not move for STILL_SECONDS, with a camera's noise, coded; a minute gives the same ratio. */
async function compareDrafts(): Promise<Aim[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const { ffmpegPath } = await findFfmpeg();
    const clip = join(folder, 'still.mp4');
    execFileSync(ffmpegPath, [
      ...[
        '-v',
        'error',
        '-loop',
        '1',
        '-i',
        'fixtures/gallery/farm.png',
        '-t',
        String(STILL_SECONDS),
        '-r',
        '5',
      ],
      ...[
        '-vf',
        'noise=alls=4:allf=t',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        clip,
      ],
    ]);
    const results = await runInChild<DraftMeasurement[]>('peers/drafts-once.js', [clip]);
    return results.map(({ prompt, frames, runs, plainRuns, equal }) => ({
      what: `runs for the tokens of ${frames} frames of a still clip, \`${prompt}\`, of the runs without drafts`,
      atMost: 0.4,
      measured: equal === frames ? runs / plainRuns : `only ${equal} of ${frames} answers are equal`,
      details: `${runs} of ${plainRuns}; all answers equal`,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `pali caption farm.png` from start to end, both versions in turns, each the best. */
function compareStart(before: string | undefined): Aim {
  const what = 'start of the demo: `pali caption farm.png`, of the version before';
  if (before === undefined) return { what, atMost: 0.75, measured: 'needs --before FOLDER' };
  const homes = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  const start = (root: string, name: string): number => {
    const startedAt = performance.now();
    execFileSync(
      process.execPath,
      [join(root, 'bin/pali.js'), 'caption', '-q', 'fixtures/gallery/farm.png'],
      {
        env: { ...process.env, PALI_HOME: join(homes, name) },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    return performance.now() - startedAt;
  };
  try {
    let [nowMs, beforeMs] = [Infinity, Infinity];
    for (let i = 0; i <= STARTS; i++) {
      const [now, old] = [start('.', 'now'), start(before, 'before')];
      // The first run converts the demo model.
      if (i > 0) [nowMs, beforeMs] = [Math.min(nowMs, now), Math.min(beforeMs, old)];
    }
    const details = `${nowMs.toFixed(0)} of ${beforeMs.toFixed(0)} ms`;
    return { what, atMost: 0.75, measured: nowMs / beforeMs, details };
  } finally {
    rmSync(homes, { recursive: true, force: true });
  }
}
