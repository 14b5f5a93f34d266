import { Worker } from 'node:worker_threads';
import { builtFile } from '../../base/package-folder.js';

/**
 * Kill this process soon after its parent is gone, even while its main thread sits in a native call and cannot
 * hear the channel close. Does not keep the process alive. The thread costs some 10 MB.
 */
export function watchParent(): void {
  const worker = new Worker(builtFile('watch-parent-thread.js'), {
    workerData: process.ppid,
  });
  worker.unref();
}
