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

/** Tasks whose answers may hold objects. */
export const objectTasks: readonly TaskName[] = ['detect', 'segment', 'ask'];
