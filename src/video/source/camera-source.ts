import { InputError, ToolMissingError, type PaliError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import type { VideoSource } from '../../base/video/video-info.js';

/**
 * A camera of this machine: `/dev/video0` (Linux, Video4Linux2), `avfoundation:0` or `avfoundation:NAME` (macOS),
 * `dshow:NAME` (Windows, DirectShow). Undefined for any other name.
 */
export function cameraSource(name: string): VideoSource | undefined {
  const device = /^\/dev\/video\d+$/.test(name)
    ? { format: 'v4l2', address: name }
    : readDevice(/^(avfoundation|dshow):(.+)$/s.exec(name));
  if (device === undefined) return undefined;
  const shown = showName(name);
  return {
    name: shown,
    address: device.address,
    // No protocol is needed: the device is opened as such.
    inputOptions: ['-protocol_whitelist', 'none', '-f', device.format, ...frameRate(device.format)],
    explain: (log) => explainCamera(shown, device.format, log),
  };
}

/** Macs' cameras refuse ffmpeg's default of 29.97 frames a second, which is near enough to what they have. */
function frameRate(format: string): string[] {
  return format === 'avfoundation' ? ['-framerate', '30'] : [];
}

/** `:none` keeps the microphone closed. */
function readDevice(match: RegExpExecArray | null): { format: string; address: string } | undefined {
  if (match === null) return undefined;
  const [, format, device] = match;
  return { format, address: format === 'dshow' ? `video=${device}` : `${device}:none` };
}

const listCommands: Readonly<Record<string, string>> = {
  v4l2: 'ls /dev/video*',
  avfoundation: 'ffmpeg -f avfoundation -list_devices true -i ""',
  dshow: 'ffmpeg -f dshow -list_devices true -i dummy',
};

function explainCamera(name: string, format: string, log: string): PaliError {
  const see = `See which there are: ${listCommands[format]}`;
  if (/Unknown input format/.test(log)) {
    return new ToolMissingError('TOOL_MISSING', `This ffmpeg cannot read cameras through ${format}.`, {
      hint: 'Install one that can, or name it in FFMPEG_PATH. On another system cameras have other names.',
    });
  }
  if (/Permission denied|not authorized/i.test(log)) {
    return new InputError('CAMERA_UNREADABLE', `You have no permission to use the camera ${name}.`, {
      hint:
        format === 'v4l2'
          ? 'Join its group, often: sudo usermod -aG video $USER'
          : 'Allow it in the settings.',
    });
  }
  if (/resource busy|already in use/i.test(log)) {
    return new InputError('CAMERA_UNREADABLE', `The camera ${name} is in use by another program.`);
  }
  if (/No such (file|device)|Could not find|not found/i.test(log)) {
    return new InputError('CAMERA_MISSING', `There is no camera ${name}.`, { hint: see });
  }
  return new InputError('CAMERA_UNREADABLE', `The camera ${name} gives no picture.`, { hint: see });
}
