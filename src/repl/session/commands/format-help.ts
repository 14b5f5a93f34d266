import { taskWords } from '../../../tasks/prompts/parse-task-line.js';
import { slashCommands } from './slash-commands.js';

const keys: readonly (readonly [string, string])[] = [
  ['Tab', 'complete: tasks, languages, labels, paths after @'],
  ['Up Down Ctrl-R', 'earlier lines; Ctrl-R searches them'],
  ['Alt-Enter Ctrl-J', 'a new line in the prompt'],
  ['Ctrl-A E U K W Y', 'start, end, cut to start, cut to end, cut a word, put back'],
  ['Esc Ctrl-C', 'stop the answer; Ctrl-C twice leaves'],
  ['Space', 'on an empty line, while a video is worked on: pause and go on'],
  [
    'Space Left Right',
    'while a video plays: pause and go on, a frame back, a frame forward; Up and Down jump 5 s, + - speed',
  ],
  ['Ctrl-D Ctrl-Z', 'leave; suspend (fg comes back)'],
];

/** Everything that /help lists: tasks, commands, keys. */
export function formatHelp(): (readonly [string, string])[] {
  return [
    ...taskWords.map(({ word, description }) => [word, description] as const),
    ['any other line', 'is a question about the picture, or about each sample of a video'],
    ['@path', 'the picture or video that a line is about'],
    ...slashCommands.map(
      ({ name, usage, description }) => [`/${name} ${usage}`.trim(), description] as const,
    ),
    ...keys,
  ];
}
