import { readdir } from 'node:fs/promises';
import type { CommandDefinition } from './options/command-definition.js';

/** The available commands: one for each JavaScript file in the folder, in alphabetical order. */
export async function listCommandNames(folder: URL): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort();
}

/** Import one command's file; `name` must come from listCommandNames. */
export async function loadCommand(folder: URL, name: string): Promise<CommandDefinition> {
  const module = (await import(new URL(`${name}.js`, folder).href)) as { command: CommandDefinition };
  return module.command;
}
