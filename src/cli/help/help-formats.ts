import { formatTerms } from './format-terms.js';
import type { ResultFormat } from '../../render/formats/result-formats.js';

/** What each value of --format gives. */
const meanings: Record<ResultFormat, string> = {
  text:
    'the default, for people and for cut. A sentence, or a line for each object: label, score, x0,y0, x1,y1, with --track #id. ' +
    'One tab between fields in a pipe, aligned columns in a terminal. With several pictures each line begins with ' +
    'the name.',
  json: 'one array with an object for each picture',
  jsonl: 'the same objects, one per line, each as soon as it is ready',
  csv:
    'a row for each object or sentence, under the heading input, task, label, score, box_score, x0, y0, x1, y1, ' +
    'text, truncated, error; for videos also frame, time_seconds, end_seconds, track_id. Cells that a ' +
    'spreadsheet would run as formulas get an apostrophe.',
  coco:
    'one COCO document with the objects of all pictures, masks as run lengths or, with --polygons, as polygons. ' +
    'Not for sentences.',
  yolo:
    'labels for training YOLO: a file for each picture, classes.txt and data.yaml, in the folder of --output; with ' +
    '--split 0.8 a complete data set with the pictures. Not for sentences.',
  html:
    'one self-contained page: the pictures with boxes and masks, filters by label and score, marks to accept and ' +
    'reject',
  voc: 'Pascal VOC: an XML file for each picture, in the folder of --output. Not for sentences.',
  'label-studio':
    'tasks with predictions, as Label Studio imports them: boxes (a control named label), masks (tag) or text ' +
    '(caption) of an Image named image',
  xmp:
    'XMP sidecars for photo libraries, photo.jpg.xmp in the folder of --output (photo.xmp with --extension .xmp): ' +
    'text as description, labels as keywords, boxes as regions. What other programs wrote there stays.',
  srt: 'SubRip subtitles of a video, a cue for each stretch of equal answers',
  vtt: 'the same as WebVTT',
  raw: "the model's words as they are, <loc0123> and <seg045> too",
};

/** The page `pali help formats`. */
export function writeFormatsHelp(): string {
  return `How results are written

  pali detect cat photo.jpg --format json

--format is one of:

${formatTerms(Object.entries(meanings), 14)}

Boxes are in pixels of the picture as it is shown (turned as its EXIF data say),
x to the right, y down, from the top left corner. csv and json have fractions of
pixels, text has whole ones. YOLO has shares of width and height.

Scores, from 0 to 1, say how sure the model was of the words it wrote; it gives
no probability of a box as such. --min-score 0.5 leaves out lower scores in
every output: rows, data sets, drawings.

Errors: json, jsonl, csv and html hold an entry with the error; the other
formats leave it to stderr. The exit code is not 0 in either case.

In JSON a field that does not apply is absent. docs/result.schema.json, which
comes with pali, describes every field; schemaVersion changes if a field changes
its meaning.

Other output:

${formatTerms(
  [
    ['-o, --output', 'a file, written whole or not at all; or a folder/, with one file per picture'],
    ['--stream', 'a line of JSON for each token, box and mask as the model writes it'],
    ['--logprobs 5', 'json, jsonl: each token with the 5 likeliest alternatives'],
    ['--overlay', 'the picture with boxes and masks: .png, .jpg, .webp, or .svg'],
    ['--masks', 'a PNG for each mask'],
    ['--cutout', 'a PNG for each object, cut out'],
    ['--show', 'the picture in the terminal'],
    ['--annotate', 'a copy of the video with what was found drawn in'],
  ],
  14,
)}
`;
}
