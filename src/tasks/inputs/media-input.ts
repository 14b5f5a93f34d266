import { InputError } from '../../base/errors.js';
import { hidePassword } from '../../base/hide-password.js';
import { isPictureUrl } from '../../net/is-http-url.js';
import type { MediaSource, TaskInput } from './task-input.js';

/** Cameras as docs/video.md names them. */
const CAMERA = /^(\/dev\/video\d+$|(avfoundation|dshow):)/;

/** Whether an input is an address rather than a path: of http, https, rtsp or rtsps. */
export function isAddress(name: string): boolean {
  return isPictureUrl(name) || /^rtsps?:\/\//i.test(name);
}

/** Whether an input is a camera of this machine rather than a path. */
export function isCamera(name: string): boolean {
  return CAMERA.test(name);
}

/** The input at an address: a picture or a video, which shows when it is opened. */
export function addressInput(address: string, options: { readonly allowsPrivate: boolean }): TaskInput {
  return mediaInput(hidePassword(address), async (signal) => {
    const { openAddress } = await import('./open-address.js');
    return openAddress(address, { ...options, signal });
  });
}

/** The input of a camera; undefined for a name that is none. */
export function cameraInput(name: string): TaskInput | undefined {
  if (!isCamera(name)) return undefined;
  return mediaInput(name, async () => (await import('./open-address.js')).openCamera(name));
}

/** An input that shows what it is when it is opened. */
export function mediaInput(name: string, open: MediaSource): TaskInput {
  const picture = async (signal: AbortSignal): Promise<Uint8Array> => {
    const media = await open(signal);
    if (media instanceof Uint8Array) return media;
    throw videoNotAlone(name);
  };
  return { name, pictures: [picture], open };
}

/** The refusal of a video where pictures are wanted, as in a prompt about several. */
export function videoNotAlone(name: string): InputError {
  return new InputError('VIDEO_NOT_ALONE', `${name} is a video, and only a picture can be taken here.`, {
    hint: 'Give it to a command by itself: pali caption INPUT',
  });
}
