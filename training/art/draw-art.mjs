// Draws the emoji named in classes.txt as PNG files: node draw-art.mjs OUT_FOLDER SIDE [STYLE...]
//
// A file is named STYLE__CLASS__NAME.png; its longer side has SIDE pixels. The drawings come from npm packages
// (licences: ../README.md) and are rendered by the librsvg inside sharp.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';

const require = createRequire(import.meta.url);
const [folder, sideText, ...styles] = process.argv.slice(2);
const TRAINING_STYLES = ['noto', 'noto-v1', 'fluent-emoji-flat', 'fluent-emoji', 'fxemoji'];

/** An alias names its parent, at most a few steps deep. */
function findIcon(set, name) {
  let current = name;
  for (let step = 0; step < 5 && !set.icons[current] && set.aliases?.[current]; step += 1) {
    current = set.aliases[current].parent;
  }
  return set.icons[current];
}

function toSvg(set, icon, side) {
  const width = icon.width ?? set.width ?? 16;
  const height = icon.height ?? set.height ?? 16;
  const scale = side / Math.max(width, height);
  const viewBox = [icon.left ?? 0, icon.top ?? 0, width, height].join(' ');
  const size = `width="${width * scale}" height="${height * scale}"`;
  const body = icon.body.replaceAll('currentColor', '#222');
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${viewBox}" ${size}>${body}</svg>`;
}

/** Lines of classes.txt: field 0 the class, field 5 names in most sets, field 6 names in fxemoji. */
const classes = readFileSync(new URL('../world/classes.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('|'));

const side = Number(sideText);
if (!folder || !(side > 0)) throw new Error('usage: node draw-art.mjs OUT_FOLDER SIDE [STYLE...]');
mkdirSync(folder, { recursive: true });
for (const style of styles.length > 0 ? styles : TRAINING_STYLES) {
  const set = require(`@iconify-json/${style}/icons.json`);
  const missing = [];
  let drawn = 0;
  for (const fields of classes) {
    for (const name of fields[style === 'fxemoji' ? 6 : 5].split(' ').filter(Boolean)) {
      const icon = findIcon(set, name);
      if (icon === undefined) {
        missing.push(name);
        continue;
      }
      const file = `${style}__${fields[0].replaceAll(' ', '_')}__${name}.png`;
      await sharp(Buffer.from(toSvg(set, icon, side))).png().toFile(join(folder, file));
      drawn += 1;
    }
  }
  console.log(`${style}: ${drawn} drawings${missing.length > 0 ? `; not in the set: ${missing.join(' ')}` : ''}`);
}
