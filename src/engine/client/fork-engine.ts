import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtFile } from '../../base/package-folder.js';

/** Starts a Node program with an IPC channel; node:child_process's fork, or a test's. */
export type Fork = (path: string, args: readonly string[], options: ForkOptions) => ChildProcess;

/**
 * Start the engine's program, which waits for its first message. This file imports hardly anything of ours, so that a
 * command can do this first.
 *
 * @param childPath the program: engine-child.js, or a test's.
 */
export function forkEngine(
  childPath: URL = builtFile('engine-child.js'),
  forkProcess: Fork = fork,
): ChildProcess {
  return forkProcess(fileURLToPath(childPath), [], {
    // Node would read certificates before anything else, for connections that the engine does not make.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined },
    serialization: 'advanced',
    // The parent's own flags, such as --inspect with its port, must not reach the engine.
    execArgv: [],
    // Only results may reach our stdout, so the engine has none.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
