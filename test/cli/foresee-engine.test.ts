import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { foreseeEngine } from '../../src/cli/foresee-engine.js';
import { runtimeFolder } from '../../src/models/servers/runtime-folder.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const headStart = { take: () => undefined, giveUp: () => undefined };
const isForeseen = (line: string, env: NodeJS.ProcessEnv = {}): boolean =>
  foreseeEngine(line.split(' ').filter(Boolean), env, () => headStart) === headStart;

const home = temporaryFolder();
beforeEach(() => void vi.stubEnv('PALI_HOME', home));
afterEach(() => void vi.unstubAllEnvs());

it.each([
  'caption photo.jpg',
  'detect cat photo.jpg --json',
  'ask - --no-server photo.jpg',
  'repl',
  'repl photo.jpg --device cpu',
])('starts an engine before the command line is read: %s', (line) => {
  expect(isForeseen(line)).toBe(true);
});

it.each([
  '',
  '--help',
  'caption',
  'caption --help',
  'caption photo.jpg -h',
  'caption photo.jpg --dry-run',
  'caption photo.jpg --server http://127.0.0.1:9',
  'caption photo.jpg --server=http://127.0.0.1:9',
  'caption photo.jpg --queue redis://127.0.0.1',
  'show demo',
  'serve',
  'pull google/paligemma-3b-mix-224',
])('waits where it may need none: %s', (line) => {
  expect(isForeseen(line)).toBe(false);
});

it('waits where servers answer', () => {
  expect(isForeseen('caption photo.jpg', { PALI_SERVERS: 'http://127.0.0.1:9' })).toBe(false);
  expect(isForeseen('caption photo.jpg', { PALI_QUEUE_URL: 'redis://127.0.0.1' })).toBe(false);
  mkdirSync(runtimeFolder(), { recursive: true });
  writeFileSync(join(runtimeFolder(), `${process.pid}.json`), '{}');
  expect(isForeseen('caption photo.jpg')).toBe(false);
});
