import type { TaskName } from '../../src/base/task-name.js';

/** A task as the page offers it. */
export interface PageTask {
  /** As in /v1/tasks/NAME. */
  readonly name: TaskName;
  readonly title: string;
  /** The option that the words are; absent where a task takes none. */
  readonly field?: string;
  readonly placeholder?: string;
  readonly hasLanguage?: boolean;
}

export const pageTasks: readonly PageTask[] = [
  { name: 'caption', title: 'Caption', hasLanguage: true },
  { name: 'describe', title: 'Describe', hasLanguage: true },
  { name: 'ocr', title: 'Read text' },
  {
    name: 'answer',
    title: 'Answer',
    field: 'question',
    placeholder: 'How many cows are there?',
    hasLanguage: true,
  },
  { name: 'detect', title: 'Detect', field: 'things', placeholder: 'cow ; tractor' },
  { name: 'segment', title: 'Segment', field: 'things', placeholder: 'cow' },
  { name: 'ask', title: 'Own prompt', field: 'prompt', placeholder: 'caption es' },
];
