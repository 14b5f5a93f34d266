import { describe, expect, it } from 'vitest';
import {
  chooseProtocol,
  type ProtocolOptions,
} from '../../../src/render/terminal-picture/choose-protocol.js';

/** The protocol, with `tmux` behind it when it goes through tmux. */
function choose(
  env: Record<string, string>,
  options: ProtocolOptions = { show: 'auto' },
  isTty = true,
): string | undefined {
  const choice = chooseProtocol(env, isTty, options);
  return choice && `${choice.protocol}${choice.isInTmux ? ' tmux' : ''}`;
}

const TRUECOLOR = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };

describe('chooseProtocol', () => {
  it.each<[string, Record<string, string>]>([
    ['kitty', { TERM: 'xterm-kitty', COLORTERM: 'truecolor', KITTY_WINDOW_ID: '1' }],
    ['kitty', { TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }],
    ['kitty', { TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty' }],
    // Started from iTerm2.
    ['kitty', { TERM: 'xterm-kitty', TERM_PROGRAM: 'iTerm.app' }],
    ['iterm2', { ...TRUECOLOR, TERM_PROGRAM: 'iTerm.app', LC_TERMINAL: 'iTerm2' }],
    ['iterm2', { ...TRUECOLOR, LC_TERMINAL: 'iTerm2' }],
    ['iterm2', { ...TRUECOLOR, TERM_PROGRAM: 'WezTerm', WEZTERM_PANE: '0' }],
    ['iterm2', { TERM: 'xterm', TERM_PROGRAM: 'mintty' }],
    ['sixel', { TERM: 'foot', COLORTERM: 'truecolor' }],
    ['sixel', { ...TRUECOLOR, KONSOLE_VERSION: '230804' }],
    ['blocks', { ...TRUECOLOR, KONSOLE_VERSION: '211203' }],
    // Started from kitty.
    ['blocks', { ...TRUECOLOR, TERM_PROGRAM: 'vscode', KITTY_WINDOW_ID: '1' }],
    ['blocks', TRUECOLOR],
    ['blocks', { TERM: 'xterm-direct' }],
    ['blocks', { WT_SESSION: 'c9a6' }],
    ['blocks-256', { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }],
    ['ascii', { ...TRUECOLOR, NO_COLOR: '1' }],
    ['blocks-256', { OS: 'Windows_NT' }],
    ['ascii', { ...TRUECOLOR, LC_ALL: 'C', LANG: 'en_US.UTF-8' }],
    ['ascii', { ...TRUECOLOR, LANG: 'de_DE.ISO-8859-1' }],
    ['ascii', { ...TRUECOLOR, LC_CTYPE: 'de_DE@euro' }],
    ['blocks', { ...TRUECOLOR, LC_ALL: 'C.utf8' }],
    ['blocks', { ...TRUECOLOR, LC_CTYPE: 'de_DE.UTF-8@euro', LANG: 'C' }],
    ['ascii', { TERM: 'linux' }],
    ['ascii', { TERM: 'dumb', COLORTERM: 'truecolor' }],
    ['ascii', {}],
  ])('takes %s for %j', (protocol, env) => {
    expect(choose(env)).toBe(protocol);
  });

  const inTmux = {
    TERM: 'tmux-256color',
    TERM_PROGRAM: 'tmux',
    TMUX: '/tmp/tmux,1,0',
    COLORTERM: 'truecolor',
  };

  it('goes through tmux for kitty alone, and only where tmux hands it on', () => {
    const env = { ...inTmux, KITTY_WINDOW_ID: '1' };
    expect(choose(env, { show: 'auto', hasTmuxPassthrough: true })).toBe('kitty-cells tmux');
    expect(choose(env)).toBe('blocks tmux');
    expect(choose({ ...inTmux, LC_TERMINAL: 'iTerm2' }, { show: 'auto', hasTmuxPassthrough: true })).toBe(
      'blocks tmux',
    );
  });

  it.each([{ ZELLIJ: '0' }, { STY: '1.pts' }])('draws blocks inside %j', (shield) => {
    expect(choose({ ...TRUECOLOR, KITTY_WINDOW_ID: '1', ...shield })).toBe('blocks');
  });

  it('takes what the user names, whatever the terminal is', () => {
    const dumb = { TERM: 'dumb', NO_COLOR: '1' };
    expect(choose(dumb, { show: 'sixel' }, false)).toBe('sixel');
    expect(choose(dumb, { show: 'blocks' })).toBe('blocks-256');
    expect(choose(TRUECOLOR, { show: 'blocks' })).toBe('blocks');
    expect(choose(TRUECOLOR, { show: 'ascii' })).toBe('ascii');
    expect(choose(inTmux, { show: 'kitty' })).toBe('kitty-cells tmux');
    expect(choose(inTmux, { show: 'iterm2' })).toBe('iterm2 tmux');
  });

  it('draws nothing into a pipe, or when it should not', () => {
    expect(choose({ TERM: 'xterm-kitty' }, { show: 'auto' }, false)).toBeUndefined();
    expect(choose({ TERM: 'xterm-kitty' }, { show: 'off' })).toBeUndefined();
  });
});

describe('the symbols of blocks', () => {
  it.each<[string, Record<string, string>]>([
    ['quadrants', TRUECOLOR],
    ['quadrants', { ...TRUECOLOR, TERM_PROGRAM: 'vscode', KITTY_WINDOW_ID: '1' }],
    ['sextants', { ...TRUECOLOR, VTE_VERSION: '7006' }],
    ['quadrants', { ...TRUECOLOR, VTE_VERSION: '5202' }],
    ['sextants', { TERM: 'xterm-kitty', COLORTERM: 'truecolor' }],
    ['quadrants', { ...TRUECOLOR, TMUX: '/tmp/tmux,1,0', KITTY_WINDOW_ID: '1' }],
    ['half', { OS: 'Windows_NT' }],
  ])('are %s for %j', (symbols, env) => {
    expect(chooseProtocol(env, true, { show: 'auto' })?.symbols).toBe(symbols);
  });

  it('are those that the user names', () => {
    expect(chooseProtocol({ TERM: 'xterm-256color' }, true, { show: 'sextants' })).toEqual({
      protocol: 'blocks-256',
      isInTmux: false,
      symbols: 'sextants',
    });
  });
});
