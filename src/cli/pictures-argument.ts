import type { TaskInput } from '../tasks/run-task.js';
import type { ArgumentDefinition } from './command-definition.js';

/** The pictures of a command, one result each. */
export const picturesArgument: ArgumentDefinition = {
  name: '<pictures...>',
  description: 'picture files (JPEG, PNG, WebP, GIF, AVIF, TIFF, SVG)',
};

/** One input for each picture, named as the user wrote it. */
export function toInputs(paths: readonly string[]): TaskInput[] {
  return paths.map((path) => ({ name: path, pictures: [path] }));
}
