import { describe, expect, it } from 'vitest';
import { cameraSource } from '../../../src/video/source/camera-source.js';
import { probeSource } from '../../../src/video/probe/probe-video.js';

describe('cameraSource', () => {
  it.each([
    ['/dev/video0', 'v4l2', '/dev/video0'],
    ['avfoundation:0', 'avfoundation', '0:none', '-framerate', '30'],
    ['avfoundation:FaceTime HD', 'avfoundation', 'FaceTime HD:none', '-framerate', '30'],
    ['dshow:Integrated Camera', 'dshow', 'video=Integrated Camera'],
  ])('opens %s', (name, format, address, ...rate) => {
    expect(cameraSource(name)).toMatchObject({
      name,
      address,
      inputOptions: ['-protocol_whitelist', 'none', '-f', format, ...rate],
    });
  });

  it.each(['/dev/video', '/dev/video0/x', 'dev/video0', '/dev/videos', 'dshow', 'dshow:', 'film.mp4', '-'])(
    'leaves %s alone',
    (name) => expect(cameraSource(name)).toBeUndefined(),
  );

  // What ffmpeg 5.1 says; the sentences about permissions and use are the kernel's.
  it.each([
    ['/dev/video9: No such file or directory', 'CAMERA_MISSING', /ls \/dev\/video\*/],
    ['Cannot open video device /dev/video0: Permission denied', 'CAMERA_UNREADABLE', /group/],
    ['ioctl(VIDIOC_STREAMON): Device or resource busy', 'CAMERA_UNREADABLE', undefined],
    ["Unknown input format: 'v4l2'", 'TOOL_MISSING', /FFMPEG_PATH/],
    ['', 'CAMERA_UNREADABLE', /ls \/dev\/video\*/],
  ])('explains: %s', (log, code, hint) => {
    const error = cameraSource('/dev/video0')!.explain!(log)!;
    expect(error.code).toBe(code);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });

  it.runIf(process.platform === 'linux')('says that there is no such camera', async () => {
    await expect(probeSource(cameraSource('/dev/video98765')!)).rejects.toMatchObject({
      code: 'CAMERA_MISSING',
      message: 'There is no camera /dev/video98765.',
    });
  });
});
