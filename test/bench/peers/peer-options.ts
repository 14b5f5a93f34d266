import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Options of the benches that compare with other programs, for parseArgs; see bench-peers. */
export const peerOptions = {
  part: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '2' },
  folder: { type: 'string', default: join(tmpdir(), 'pali-bench-peers') },
  python: { type: 'string' },
} as const;
