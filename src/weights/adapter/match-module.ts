import { runInNewContext } from 'node:vm';
import { ModelError } from '../../base/errors.js';
import { printable } from '../checkpoint/safetensors-header.js';

/** The longest list of layers written out as a pattern has a few thousand characters. */
const MAX_PATTERN_LENGTH = 10_000;
/** A reasonable pattern matches all names of the largest model in a few milliseconds. */
const MATCH_LIMIT_MS = 1000;

/**
 * Which of these module names a regular expression from an adapter's configuration matches as a whole, as
 * Python's `re.fullmatch` does.
 *
 * The expression is untrusted and may be crafted to take forever, so it runs under a time limit.
 *
 * @throws {ModelError} it is too long, not an expression that JavaScript shares with Python, or takes too long.
 */
export function matchModules(pattern: string, names: readonly string[]): ReadonlySet<string> {
  if (pattern.length > MAX_PATTERN_LENGTH) throw unfit(pattern, `it has ${pattern.length} characters`);
  const translated = pattern.replaceAll('(?P<', '(?<').replace(/^\\A/, '').replace(/\\Z$/, '');
  try {
    const matched = runInNewContext(
      'const expression = new RegExp(`^(?:${pattern})$`, "s"); names.filter((name) => expression.test(name))',
      { pattern: translated, names: [...names] },
      { timeout: MATCH_LIMIT_MS },
    ) as string[];
    return new Set(matched);
  } catch (cause) {
    const isSlow = (cause as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw unfit(pattern, isSlow ? 'it takes too long to match' : 'it cannot be understood', cause);
  }
}

/** Whether a list of endings names this module: itself, or its last parts. */
export function endsWithName(module: string, endings: readonly string[]): boolean {
  return endings.some((ending) => module === ending || module.endsWith(`.${ending}`));
}

function unfit(pattern: string, why: string, cause?: unknown): ModelError {
  return new ModelError(
    'ADAPTER_UNFIT',
    `The adapter chooses layers by the pattern '${printable(pattern)}', but ${why}.`,
    {
      hint: 'Write the layers out as a list in target_modules of adapter_config.json.',
      cause,
    },
  );
}
