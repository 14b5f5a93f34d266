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
