import { formatTerms, type Term } from './format-terms.js';

/** The variables that pali reads, by what they are about. */
const groups: readonly [title: string, variables: readonly Term[]][] = [
  [
    'pali itself',
    [
      ['PALI_HOME', 'the folder for everything that pali stores'],
      ['PALI_MODEL', 'the model that commands use, like --model (setting default-model)'],
      ['PALI_DEVICE', 'where models run, like --device (setting device)'],
      ['PALI_DTYPE', 'the dtype that pull and import make (setting dtype)'],
      ['PALI_MASK_DECODER_URL', 'where pull finds the mask decoder (setting mask-decoder-url)'],
      ['PALI_HISTORY', 'off: the session keeps no lines'],
      ['PALI_KEEP_ALIVE', 'how long a command leaves its model to a server (setting keep-alive)'],
      ['PALI_SERVERS', 'servers to ask, like --server; separated by commas'],
      ['PALI_QUEUE_URL', 'the queue to ask or to work for, like --queue, with its password'],
      ['PALI_API_KEY', 'the key that pali serve requires, like --api-key, and that is sent to servers'],
      ['LABEL_STUDIO_URL', 'and LABEL_STUDIO_API_KEY: where pali serve may fetch the pictures of tasks'],
    ],
  ],
  [
    'The hub, shared with the Hugging Face tools',
    [
      ['HF_TOKEN', 'the token for gated checkpoints; HUGGING_FACE_HUB_TOKEN is its older name'],
      ['HF_TOKEN_PATH', 'the file that holds it'],
      ['HF_HOME', 'the folder of the token and of the cache (~/.cache/huggingface)'],
      ['HF_HUB_CACHE', 'the cache of downloads; HUGGINGFACE_HUB_CACHE is its older name'],
      ['HF_ENDPOINT', 'a mirror instead of https://huggingface.co'],
      ['HF_HUB_OFFLINE', '1: use only the cache, make no requests'],
    ],
  ],
  [
    'Proxies, for the hub, pictures and videos (upper or lower case)',
    [
      ['HTTPS_PROXY, HTTP_PROXY', 'the proxies for https and http, such as http://proxy.example.org:3128'],
      ['ALL_PROXY', 'one proxy for both'],
      ['NO_PROXY', 'hosts that need none, separated by commas: example.org,localhost'],
    ],
  ],
  [
    'Videos',
    [
      ['FFMPEG_PATH', 'the program ffmpeg, if not the one on PATH'],
      ['FFPROBE_PATH', 'the program ffprobe, likewise'],
    ],
  ],
  [
    'How things look in a terminal',
    [
      ['NO_COLOR', 'no colours'],
      ['FORCE_COLOR', 'colours in a pipe, too; 0: none'],
      ['COLORTERM', 'truecolor: 24-bit colours'],
      ['TERM', 'dumb: no progress, no pictures, and a plain prompt in the session'],
      ['LC_ALL, LC_CTYPE, LANG', 'C or POSIX: the session draws only with ASCII'],
      ['INK_SCREEN_READER', 'true: the session draws no frame and no pictures'],
    ],
  ],
  [
    'Set by terminals; they say which pictures --show and the session can draw',
    [
      [
        'TERM_PROGRAM',
        'and KITTY_WINDOW_ID, GHOSTTY_RESOURCES_DIR, WEZTERM_PANE, WEZTERM_EXECUTABLE, LC_TERMINAL, ' +
          'KONSOLE_VERSION, VTE_VERSION, WT_SESSION; TMUX, STY and ZELLIJ for what lies between',
      ],
      ['WAYLAND_DISPLAY', 'and WSL_DISTRO_NAME: which program reads the clipboard for /paste'],
    ],
  ],
  [
    "The system's folders",
    [
      ['XDG_DATA_HOME', 'Linux: models and history are in its folder pali (~/.local/share)'],
      ['XDG_CONFIG_HOME', 'Linux: config.json is in its folder pali (~/.config)'],
      ['XDG_CACHE_HOME', 'the cache of downloads is in its folder huggingface (~/.cache)'],
      ['LOCALAPPDATA, APPDATA', 'Windows: the same for models and for config.json'],
      ['FONTCONFIG_FILE', 'and FONTCONFIG_PATH: other fonts, for letters that DejaVu lacks'],
    ],
  ],
  [
    'While installing',
    [['ONNXRUNTIME_NODE_INSTALL', 'skip: download no CUDA libraries; cuda12: download them (docs/gpu.md)']],
  ],
];

/** The page `pali help environment`. */
export function writeEnvironmentHelp(): string {
  const parts = groups.map(([title, variables]) => `${title}:\n\n${formatTerms(variables, 26)}`);
  return `Environment variables, folders and settings

A flag wins over its variable, the variable over config.json, config.json over
the default. pali config lists the settings and where each value comes from.

${parts.join('\n\n')}

Without PALI_HOME, models are in ~/.local/share/pali on Linux, in
~/Library/Application Support/pali on macOS and in %LOCALAPPDATA%\\pali\\Data on
Windows. pali doctor shows what works on this computer.

Nothing is reported to anybody: pali has no telemetry, and it switches
onnxruntime's off (ORT_DISABLE_TELEMETRY=1).
`;
}
