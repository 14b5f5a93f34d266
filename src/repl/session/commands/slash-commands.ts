/** What follows a command's name, for completion. */
export type CommandArgument =
  /** `path`: an existing file; `media`: the same, or the number of something open; `target`: where to write. */
  | 'none'
  | 'path'
  | 'media'
  | 'target'
  | 'model'
  | 'device'
  | 'setting'
  | 'preview'
  | 'export'
  | 'history'
  | 'answer'
  | 'frame';

/** A command of the REPL. */
export interface SlashCommand {
  readonly name: string;
  /** As help shows it; empty when there is none. */
  readonly usage: string;
  readonly description: string;
  readonly argument: CommandArgument;
  /** It does not work without an argument. */
  readonly needsArgument: boolean;
  /** It runs at once, even while an answer is being written. */
  readonly isImmediate?: boolean;
}

/** All commands, in the order of the menu. */
export const slashCommands = [
  {
    name: 'open',
    usage: '[PATH|URL|N...]',
    description: 'open pictures and videos, go to one that is open, or list those',
    argument: 'media',
    needsArgument: false,
  },
  {
    name: 'paste',
    usage: '',
    description: 'open the picture on the clipboard',
    argument: 'none',
    needsArgument: false,
  },
  {
    name: 'next',
    usage: '',
    description: 'the next of the open pictures, or the next frame of a video',
    argument: 'none',
    needsArgument: false,
  },
  { name: 'prev', usage: '', description: 'the one before', argument: 'none', needsArgument: false },
  {
    name: 'frame',
    usage: 'N|TIME',
    description: 'go to a frame of the video: /frame 3, /frame 0:07',
    argument: 'frame',
    needsArgument: true,
  },
  {
    name: 'video',
    usage: '[PATH]',
    description: 'go back to the whole video, or open one',
    argument: 'path',
    needsArgument: false,
  },
  {
    name: 'play',
    usage: '[FROM] [SPEED]',
    description: 'play the video with what was found on it: /play, /play 0:07, /play 0.5x',
    argument: 'frame',
    needsArgument: false,
  },
  {
    name: 'show',
    usage: '[N]',
    description: 'show the picture again, with the last answer or with answer N',
    argument: 'answer',
    needsArgument: false,
  },
  {
    name: 'save',
    usage: '[N] FILE',
    description:
      'save the picture or video with an answer drawn on it, the last or answer N; or .json, .csv ...',
    argument: 'target',
    needsArgument: true,
  },
  {
    name: 'masks',
    usage: '[N] [FOLDER]',
    description: 'save the masks of the last answer, or of answer N',
    argument: 'target',
    needsArgument: false,
  },
  {
    name: 'export',
    usage: '[N] FORMAT FILE',
    description:
      'save an answer: text, json, jsonl, csv, html, coco, yolo, voc, label-studio, xmp, srt, vtt, raw',
    argument: 'export',
    needsArgument: true,
  },
  {
    name: 'answers',
    usage: '',
    description: 'list the answers, with their numbers',
    argument: 'none',
    needsArgument: false,
  },
  {
    name: 'again',
    usage: '',
    description: 'send the last prompt again',
    argument: 'none',
    needsArgument: false,
  },
  {
    name: 'model',
    usage: '[NAME]',
    description: 'switch to another model, or list the models',
    argument: 'model',
    needsArgument: false,
  },
  {
    name: 'device',
    usage: '[NAME]',
    description: 'where the model runs: auto, cpu, webgpu, cuda, ...',
    argument: 'device',
    needsArgument: false,
  },
  {
    name: 'set',
    usage: '[KEY VALUE] [--save]',
    description: 'change a setting, or list them',
    argument: 'setting',
    needsArgument: false,
  },
  {
    name: 'preview',
    usage: 'MODE',
    description: 'how pictures are shown: auto, blocks, ascii, off ...',
    argument: 'preview',
    needsArgument: true,
  },
  {
    name: 'history',
    usage: '[clear]',
    description: 'list earlier lines, or forget them',
    argument: 'history',
    needsArgument: false,
  },
  { name: 'clear', usage: '', description: 'clear the screen', argument: 'none', needsArgument: false },
  {
    name: 'help',
    usage: '',
    description: 'tasks, commands and keys',
    argument: 'none',
    needsArgument: false,
    isImmediate: true,
  },
  {
    name: 'quit',
    usage: '',
    description: 'leave',
    argument: 'none',
    needsArgument: false,
    isImmediate: true,
  },
] as const satisfies readonly SlashCommand[];

/** The name of a command. */
export type SlashCommandName = (typeof slashCommands)[number]['name'];

/** The command with this name, or undefined. */
export function findCommand(name: string): (SlashCommand & { readonly name: SlashCommandName }) | undefined {
  return slashCommands.find((command) => command.name === name);
}
