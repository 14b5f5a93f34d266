import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../../src/base/task-result.js';
import { toStored } from '../../../../src/render/formats/xmp/xmp-regions.js';
import { createXmpWriter } from '../../../../src/render/formats/xmp/xmp.js';
import { detectionOf } from '../../../support/masks.js';
import { captionResult, detectResult } from '../../../support/results.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
const image = { width: 200, height: 100 };
const caption: TaskResult = { ...captionResult, image, input: 'a <b> & c.jpg', text: 'two "cups" & <more>' };
const found: TaskResult = {
  ...detectResult,
  ...{ image, input: 'a <b> & c.jpg' },
  detections: ['cat', 'cat', 'a <i>'].map((label) => detectionOf(label, { x0: 50, y0: 0, x1: 150, y1: 50 })),
};
const foreign = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
    xmlns:d="http://purl.org/dc/elements/1.1/">
   <d:subject><rdf:Bag><rdf:li>mine</rdf:li></rdf:Bag></d:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

interface Written {
  readonly notes: string[];
  readonly kept: string[];
}

async function write(
  folder: string,
  results: readonly TaskResult[],
  { isOverwriting = false, extension }: { isOverwriting?: boolean; extension?: string } = {},
): Promise<Written> {
  const kept: string[] = [];
  const writer = await createXmpWriter({
    ...{ folder, things: [], inputFolders: [], extension },
    ...(isOverwriting ? {} : { onKept: (path: string) => void kept.push(path) }),
  });
  for (const result of results) await writer.write(result);
  return { notes: writer.describeNeeds!(), kept };
}

const place = (folder: string): string => join(folder, 'a <b> & c.jpg.xmp');

describe('xmp sidecars', () => {
  it.skipIf(!hasExiftool)('are read by exiftool', async () => {
    const folder = temporaryFolder();
    await write(folder, [caption]);
    await write(folder, [found]);
    const json = execFileSync('exiftool', ['-j', '-struct', '-charset', 'utf8', place(folder)], {
      encoding: 'utf8',
    });
    const area = { X: 0.5, Y: 0.25, W: 0.5, H: 0.5, Unit: 'normalized' };
    expect(JSON.parse(json)).toEqual([
      expect.objectContaining({
        Description: 'two "cups" & <more>',
        Subject: ['cat', 'a <i>'],
        RegionInfo: {
          AppliedToDimensions: { W: 200, H: 100, Unit: 'pixel' },
          RegionList: ['cat', 'cat', 'a <i>'].map((Name) => ({ Name, Area: area })),
        },
      }),
    ]);
  });

  it('keep every byte of another program, and what it said', async () => {
    const folder = temporaryFolder();
    writeFileSync(place(folder), foreign);
    for (const isOverwriting of [false, true]) {
      const { notes } = await write(folder, [found], { isOverwriting });
      expect(notes).toEqual([`${place(folder)} already had keywords from another program; they were kept.`]);
    }
    const text = readFileSync(place(folder), 'utf8');
    const added = /\n {2}<!-- pali: regions -->.*<!-- \/pali: regions -->/.exec(text)![0];
    expect(added).toContain('rdf:about="uuid:1"');
    expect(text.replace(added, '')).toBe(foreign);
  });

  it('say in English what another program had written, and in how many', async () => {
    const folder = temporaryFolder();
    const description =
      '<d:description><rdf:Alt><rdf:li xml:lang="x-default">A</rdf:li></rdf:Alt></d:description>';
    const results = ['b.jpg', 'c.jpg', 'd.jpg'].map((input) => ({ ...caption, input }));
    for (const { input } of results)
      writeFileSync(
        join(folder, `${input}.xmp`),
        foreign.replace('</rdf:Description>', `${description}</rdf:Description>`),
      );
    const start = `${join(folder, 'b.jpg.xmp')} already had a description from another program; it was kept`;
    const notesOf = async (count: number): Promise<readonly string[]> =>
      (await write(folder, results.slice(0, count))).notes;
    expect(await notesOf(1)).toEqual([`${start}.`]);
    expect(await notesOf(2)).toEqual([`${start}, as in 1 other sidecar.`]);
    expect(await notesOf(3)).toEqual([`${start}, as in 2 other sidecars.`]);
  });

  it('are left alone where nothing can be added', async () => {
    const folder = temporaryFolder();
    for (const content of ['', 'hello', foreign.replace('</rdf:RDF>', ''), `${foreign}${foreign}`]) {
      writeFileSync(place(folder), content);
      const { notes } = await write(folder, [caption], { isOverwriting: true });
      expect(notes[0]).toContain('left as it is');
      expect(readFileSync(place(folder), 'utf8')).toBe(content);
    }
  });

  it('are the same after a second run, and change with --overwrite alone', async () => {
    const folder = temporaryFolder();
    const read = (): string => readFileSync(place(folder), 'utf8');
    await write(folder, [caption]);
    const first = read();
    expect((await write(folder, [caption])).kept).toEqual([]);
    const other = { ...caption, text: 'one cup for $& and $1' };
    expect((await write(folder, [other])).kept).toEqual([place(folder)]);
    expect(read()).toBe(first);
    await write(folder, [other], { isOverwriting: true });
    expect(read()).toBe(
      first.replace('two &quot;cups&quot; &amp; &lt;more&gt;', () => 'one cup for $&amp; and $1'),
    );
  });

  it('are called as darktable or as Lightroom calls them, and none is for nothing', async () => {
    const folder = temporaryFolder();
    await write(folder, [caption], { extension: '.xmp' });
    await write(folder, [{ ...found, detections: [], input: 'none.jpg' }]);
    const frame = { index: 1, timeSeconds: 0, endSeconds: 1 };
    const { notes } = await write(folder, [{ ...caption, input: 'film.mp4', frame }]);
    expect(notes).toEqual(['1 result is about a frame of a video, which has no sidecar.']);
    expect(readdirSync(folder)).toEqual(['a <b> & c.xmp']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'place regions in the stored picture of orientation %i',
    async (value) => {
      // A white pixel off the centre of a picture that is shown turned.
      const stored = { width: 8, height: 4 };
      const pixels = Buffer.alloc(32).fill(255, 10, 11);
      const png = await sharp(pixels, { raw: { ...stored, channels: 1 } })
        .png()
        .toBuffer();
      const turned = await sharp(png).withMetadata({ orientation: value }).jpeg({ quality: 100 }).toBuffer();
      const { data, info } = await sharp(turned)
        .autoOrient()
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const at = data.indexOf(Math.max(...data));
      const shown = {
        x: ((at % info.width) + 0.5) / info.width,
        y: (Math.floor(at / info.width) + 0.5) / info.height,
        w: 1 / info.width,
        h: 1 / info.height,
      };
      const area = toStored(shown, value);
      expect([area.x, area.y, area.w, area.h].map((share) => Number(share.toFixed(6)))).toEqual([
        2.5 / 8,
        1.5 / 4,
        1 / 8,
        1 / 4,
      ]);
    },
  );
});
