/** A page of `pali help` that is not about a single command. */
export interface HelpTopic {
  readonly name: string;
  /** For lists of topics. */
  readonly description: string;
  /** The page, in lines of at most 80 columns; loaded only when it is asked for. */
  readonly write: () => Promise<string>;
}

/** The topics, in the order in which they are listed. */
export const helpTopics: readonly HelpTopic[] = [
  {
    name: 'formats',
    description: 'How results are written: text, JSON, CSV, COCO ...',
    write: async () => (await import('./help-formats.js')).writeFormatsHelp(),
  },
  {
    name: 'prompts',
    description: 'What the model is asked, and what it answers',
    write: async () => (await import('./help-prompts.js')).writePromptsHelp(),
  },
  {
    name: 'languages',
    description: 'The languages that answers can be in',
    write: async () => (await import('./help-languages.js')).writeLanguagesHelp(),
  },
  {
    name: 'environment',
    description: 'Environment variables, folders and settings',
    write: async () => (await import('./help-environment.js')).writeEnvironmentHelp(),
  },
];
