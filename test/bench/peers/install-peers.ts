import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is compared: packages and the file of each that is imported. */
export const PEERS = {
  'transformers.js': {
    name: '@huggingface/transformers',
    version: '4.3.1',
    entry: 'dist/transformers.node.mjs',
  },
  'llama.cpp': { name: 'node-llama-cpp', version: '3.22.1', entry: 'dist/index.js' },
} as const;

export type PeerName = keyof typeof PEERS;

/**
 * Install a peer below `folder`, in a folder of its own, from npm; without scripts, so that nothing is compiled.
 * @returns the address of its module, for the process that measures it; a sentence when it cannot be installed.
 */
export function installPeer(folder: string, peer: PeerName): { module: string } | { reason: string } {
  const { name, version, entry } = PEERS[peer];
  const home = join(folder, peer);
  const module = join(home, 'node_modules', name, entry);
  const found = { module: pathToFileURL(module).href };
  if (existsSync(module)) return found;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }));
  // All its binaries, with those for CUDA, are optional packages: one of them is enough.
  const more = peer === 'llama.cpp' ? ['--omit=optional', `@node-llama-cpp/${binaryName()}@${version}`] : [];
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '-E',
    `${name}@${version}`,
    ...more,
  ];
  try {
    execFileSync('npm', args, { cwd: home, stdio: 'pipe', encoding: 'utf8', shell: platform() === 'win32' });
  } catch (error) {
    const lines = String((error as { stderr?: unknown }).stderr ?? error).split('\n');
    return { reason: lines.find((line) => line.includes('npm error')) ?? lines[0] };
  }
  return existsSync(module) ? found : { reason: `${name} ${version} has no ${entry}` };
}

function binaryName(): string {
  if (platform() === 'darwin') return arch() === 'arm64' ? 'mac-arm64-metal' : 'mac-x64';
  return `${platform() === 'win32' ? 'win' : 'linux'}-${arch()}`;
}
