import { exitCodes } from '../src/base/errors.js';
import { readKeepAlive } from '../src/base/keep-alive.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import {
  modelOptions,
  readModelOptions,
  readServerOptions,
  readVerbosity,
  serverOptions,
  verbosityOptions,
} from '../src/cli/options/model-options.js';
import { readFlag, readText } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'Give coding agents tools that look at pictures (MCP over stdin and stdout)',
  arguments: [{ name: '[folders...]', description: 'folders in which pictures may be read' }],
  options: [
    ...modelOptions,
    ...serverOptions,
    {
      flags: '--keep-alive <time>',
      description: 'how long an unused model stays in memory: 30s, 5m, 0, -1 for ever (default: 5m)',
    },
    {
      flags: '--masks <folder>',
      description: 'keep the masks of segment here (default: a temporary folder)',
    },
    { flags: '--allow-private-urls', description: 'also fetch pictures from this machine and its network' },
    ...verbosityOptions,
  ],
  notes: [
    'A coding agent starts it and speaks the Model Context Protocol with it; docs/mcp.md shows how to configure some.',
    'The tools are caption, answer, read_text, detect, segment and look. Without a folder no path can be read;',
    'pictures then come as addresses or data URIs.',
  ].join(' '),
  examples: ['pali mcp ~/Pictures', 'claude mcp add pali -- pali mcp "$PWD"'],
  run: async (call) => {
    const { options, signal } = call;
    const wanted = {
      ...readModelOptions(call),
      ...readServerOptions(call),
      ...readVerbosity(call),
    };
    const keepAliveMs = readKeepAlive(readText(options, 'keepAlive') ?? '5m', '--keep-alive');
    const { runStdio } = await import('../src/mcp/run-stdio.js');
    await runStdio(
      {
        folders: call.arguments,
        maskFolder: readText(options, 'masks'),
        allowsPrivateUrls: readFlag(options, 'allowPrivateUrls'),
        keepAliveMs,
        openEngine: async () => {
          const { openModel } = await import('../src/cli/results/open-model.js');
          return openModel(wanted, signal, undefined);
        },
      },
      signal,
    );
    return exitCodes.ok;
  },
};
