/** The tasks of the command line and of results. `ask` sends the prompt as it is. */
export const taskNames = [
  'caption',
  'describe',
  'ocr',
  'answer',
  'question',
  'detect',
  'segment',
  'ask',
] as const;

export type TaskName = (typeof taskNames)[number];

/** Whether a task looks for objects: its answer is a list of them rather than text. */
export function isObjectTask(task: TaskName): boolean {
  return task === 'detect' || task === 'segment';
}

/** Whether answers may hold objects: those of `ask`, beside text, where the prompt asks for some. */
export function mayFindObjects(task: TaskName): boolean {
  return isObjectTask(task) || task === 'ask';
}
