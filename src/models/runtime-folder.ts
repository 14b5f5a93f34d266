import { dirname, join } from 'node:path';
import { modelsFolder } from './models-folder.js';

/** Where running servers write about themselves and have their sockets: beside the models. */
export function runtimeFolder(): string {
  return join(dirname(modelsFolder()), 'servers');
}
