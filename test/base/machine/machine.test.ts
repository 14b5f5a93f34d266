import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readAvailableMemory } from '../../../src/base/machine/available-memory.js';
import { readTotalMemory } from '../../../src/base/machine/total-memory.js';
import { countCores, readQuota } from '../../../src/base/machine/count-cores.js';
import { describeProcessor } from '../../../src/base/machine/describe-processor.js';
import { describeLoadFailure } from '../../../src/base/machine/describe-load-failure.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let count = 0;

/** A root folder with these files below it. */
function newRoot(files: Readonly<Record<string, string>>): string {
  const root = join(folder, `root-${count++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}

describe('the processors of a container', () => {
  it.each([
    ['a quota', { 'sys/fs/cgroup/cpu.max': '150000 100000' }, 2],
    ['less than one', { 'sys/fs/cgroup/cpu.max': '50000 100000' }, 1],
    ['no quota', { 'sys/fs/cgroup/cpu.max': 'max 100000' }, undefined],
    [
      'one of a group above its own',
      {
        'proc/self/cgroup': '0::/a/b',
        'sys/fs/cgroup/a/b/cpu.max': 'max 100000',
        'sys/fs/cgroup/a/cpu.max': '300000 100000',
      },
      3,
    ],
    [
      'version 1',
      { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '200000', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' },
      2,
    ],
    [
      'version 1 without one',
      { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' },
      undefined,
    ],
    ['nothing', {}, undefined],
    ['rubbish', { 'sys/fs/cgroup/cpu.max': 'x', 'proc/self/cgroup': '0::/../../etc' }, undefined],
  ])('%s', (_, files, expected) => expect(readQuota(newRoot(files))).toBe(expected));

  it('are never more than there are', () => {
    expect(countCores(newRoot({ 'sys/fs/cgroup/cpu.max': '99900000 100000' }))).toBe(availableParallelism());
    expect(countCores(newRoot({ 'sys/fs/cgroup/cpu.max': '100000 100000' }))).toBe(1);
  });
});

it.each([
  ['no limit', 0, 16e9],
  ['the limit of a container', 8e9, 8e9],
  ['a limit above what there is', 2 ** 63, 16e9],
])('the memory in all: %s', (_, limitBytes, expected) => {
  expect(readTotalMemory(limitBytes, 16e9)).toBe(expected);
});

describe('the memory that is left', () => {
  it('counts the file cache of a container as free', () => {
    const files = {
      'sys/fs/cgroup/memory.max': '8000000',
      'sys/fs/cgroup/memory.current': '7000000',
      'sys/fs/cgroup/memory.stat': 'anon 1500000\nfile 5500000\ninactive_file 4000000\nactive_file 1000000',
    };
    expect(readAvailableMemory(newRoot(files), 'linux')).toBe(6_000_000);
  });

  it('is what the system says without a limit, and all of a Mac', () => {
    const free = readAvailableMemory(newRoot({ 'sys/fs/cgroup/memory.max': 'max' }), 'linux');
    expect(Math.abs(free - freemem())).toBeLessThan(4e9);
    expect(readAvailableMemory('/', 'darwin')).toBe(totalmem());
  });
});

describe('libraries that cannot be loaded', () => {
  it('name sharp, and are told from other errors', () => {
    const sharp = describeLoadFailure('Could not load the "sharp" module using the linux-x64 runtime');
    expect([sharp?.code, sharp?.exitCode]).toEqual(['TOOL_MISSING', expect.any(Number)]);
    expect(describeLoadFailure("Cannot find module './a.js'")).toBeUndefined();
    expect(describeLoadFailure('onnxruntime: shapes differ')).toBeUndefined();
  });
});

describe('describeProcessor', () => {
  const epyc = [
    'processor\t: 0',
    'vendor_id\t: AuthenticAMD',
    'model name\t: AMD EPYC',
    'cpu MHz\t\t: 2445.406',
    'flags\t\t: fpu sse sse4_1 ssse3 avx2 smep avx512_vnni fsrm amx_int8',
    '',
    'processor\t: 1',
    'model name\t: another',
  ].join('\n');

  it('names the first processor of Linux with its instructions for matrices', () => {
    const instructions = 'amx_int8 avx2 avx512_vnni sse sse4_1 ssse3';
    expect(describeProcessor(epyc)).toBe(
      `${process.platform} ${process.arch} AuthenticAMD AMD EPYC ${instructions}`,
    );
    const arm = 'Features\t: fp asimd asimddp i8mm sve svebf16\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n';
    expect(describeProcessor(arm)).toMatch(/ 0x41 0xd40 asimd asimddp i8mm sve svebf16$/);
  });

  it('stays the same when clocks and mitigations change, and not without an instruction', () => {
    const now = describeProcessor(epyc);
    expect(describeProcessor(epyc.replace('2445', '1800').replace('fsrm', 'fsrm ibpb_exit_to_user'))).toBe(
      now,
    );
    expect(describeProcessor(epyc.replace(' avx512_vnni', ''))).not.toBe(now);
  });

  it('names something elsewhere', () => {
    expect(describeProcessor('')).toMatch(new RegExp(`^${process.platform} ${process.arch} \\S`));
  });
});
