import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fixturePath } from '../../fixtures/index.js';

/** What a reference program answered: one of the files of fixtures/metrics. */
export function readRecorded<Recorded>(name: string): Recorded {
  return JSON.parse(gunzipSync(readFileSync(fixturePath('metrics', name))).toString('utf8')) as Recorded;
}
