/** Requests that run in Node's own threads. */
const IN_THREADS = /^(?:FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/**
 * End the process now. Node's exit waits for its threads, and one of them may wait for ever: for a named pipe that
 * nobody writes to, a network drive or a name server that does not answer. Then the process ends by SIGINT, which a
 * shell reports as 130 too.
 */
export function endAtOnce(exitCode: number): never {
  const isHeldUp = process.getActiveResourcesInfo().some((name) => IN_THREADS.test(name));
  if (isHeldUp && process.platform !== 'win32') {
    // What process.exit would do first: files and terminals are left in order.
    process.exitCode = exitCode;
    process.emit('exit', exitCode);
    process.removeAllListeners('SIGINT');
    process.kill(process.pid, 'SIGINT');
  }
  process.exit(exitCode);
}
