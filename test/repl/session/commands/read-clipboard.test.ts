import { describe, expect, it } from 'vitest';
import { clipboardTools, readClipboard } from '../../../../src/repl/session/commands/read-clipboard.js';

const picture = Buffer.from('a picture');

describe('readClipboard', () => {
  it('asks the tools of the platform, the likeliest first', () => {
    const names = (platform: NodeJS.Platform, env = {}): string[] =>
      clipboardTools(platform, env).map(({ program }) => program);
    expect(names('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['wl-paste', 'xclip']);
    expect(names('linux')).toEqual(['xclip', 'wl-paste']);
    expect(names('linux', { WSL_DISTRO_NAME: 'Debian' }).at(-1)).toBe('powershell.exe');
    expect(names('darwin')).toEqual(['pngpaste']);
    expect(names('win32')).toEqual(['powershell.exe']);
  });

  it('takes the first that has a picture, base64 too', async () => {
    const tools = [
      { program: 'none', args: [] },
      { program: 'empty', args: [] },
      { program: 'full', args: [], isBase64: true },
    ];
    const found = await readClipboard(tools, async (program) =>
      program === 'none'
        ? 'missing'
        : program === 'empty'
          ? undefined
          : Buffer.from(picture.toString('base64')),
    );
    expect(Buffer.from(found).toString()).toBe('a picture');
  });

  it('says what is missing', async () => {
    const tools = [
      { program: 'one', args: [] },
      { program: 'two', args: [] },
    ];
    await expect(readClipboard(tools, async () => 'missing')).rejects.toThrow('one or two is not installed');
    await expect(readClipboard(tools, async () => undefined)).rejects.toThrow('no picture on the clipboard');
  });
});
