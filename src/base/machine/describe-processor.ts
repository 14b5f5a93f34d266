import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Lines of /proc/cpuinfo that name an x86 or ARM processor. */
const NAMES = ['vendor_id', 'model name', 'CPU implementer', 'CPU part'];
/**
 * The instructions that kernels for matrices are chosen by. The system's list has many more, and a new version of the
 * system adds to it.
 */
const INSTRUCTIONS = /^(s?sse|avx|amx|fma|f16c|bmi|asimd|neon|fphp|sve|sme(?!p)|i8mm|bf16|dotprod)/;

/**
 * What the processor is, in one line that stays the same from start to start: system, architecture, name, and on Linux
 * the instructions that it has for multiplying matrices.
 * @param cpuinfo of Linux; empty elsewhere.
 */
export function describeProcessor(cpuinfo = readCpuinfo()): string {
  const first = new Map<string, string>();
  for (const [, key, value] of cpuinfo.matchAll(/^([^\t:]+?)\s*:[ \t]*(.*)$/gm)) {
    if (!first.has(key)) first.set(key, value.trim());
  }
  const named = NAMES.map((name) => first.get(name)).filter(Boolean);
  const name = named.length > 0 ? named.join(' ') : (cpus()[0]?.model.trim() ?? 'unknown');
  const listed = (first.get('flags') ?? first.get('Features') ?? '').split(/\s+/);
  const instructions = listed.filter((flag) => INSTRUCTIONS.test(flag)).sort();
  return [process.platform, process.arch, name, ...instructions].join(' ');
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
