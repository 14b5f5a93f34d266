import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readFlag } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Other',
  description: 'Check this computer: what works, what is missing, and how to get it',
  arguments: [],
  options: [{ flags: '--json', description: 'print the findings as JSON' }],
  notes:
    'Every device runs the demo model and must give the same numbers as the CPU. The exit code is 0 if everything ' +
    'that pali needs works; a dash marks what it can do without.',
  examples: ['pali doctor', 'pali doctor --json'],
  run: async (call) => {
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const { examineTerminal } = await import('../src/cli/models/examine-terminal.js');
    const { formatTable } = await import('../src/cli/models/format-table.js');
    const { createProgressLine } = await import('../src/cli/results/progress-line.js');
    const { printablePath } = await import('../src/render/printable-path.js');
    const computer = await import('../src/diagnostics/examine-computer.js');
    const { examineDevices } = await import('../src/diagnostics/examine-devices.js');
    const { examineModels, examineToken } = await import('../src/diagnostics/examine-models.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const store = modelsFolder();
    const progress = createProgressLine(false);
    progress.show('trying the devices');
    const disk = await computer.examineDisk(store);
    const findings = [
      computer.examineNode(),
      await computer.examineFfmpeg(),
      await computer.examinePictures(),
      ...(disk.state === 'failed' ? [] : await examineDevices(store, call.signal)),
      computer.examineMemory(),
      disk,
      await examineModels(store, (await readSetting('default-model')).value),
      await examineToken(),
      examineTerminal(),
    ];
    progress.clear();
    const failed = findings.find(({ state }) => state === 'failed');
    if (readFlag(call.options, 'json')) {
      process.stdout.write(`${JSON.stringify({ schemaVersion: 1, isHealthy: !failed, findings })}\n`);
    } else {
      const marks = { ok: 'ok', warning: '!', absent: '-', failed: 'FAILED' };
      const rows = findings.map(({ name, value, state, note }) => [name, value, marks[state], note ?? '']);
      process.stdout.write(
        formatTable(
          rows.map((row) => row.map(printablePath)),
          true,
        ),
      );
    }
    return failed?.exitCode ?? exitCodes.ok;
  },
};
