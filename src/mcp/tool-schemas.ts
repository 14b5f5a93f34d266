import * as v from 'valibot';

/** Objects in a result at most: clients cut results near 25,000 tokens. */
export const MAX_OBJECTS = 200;

/** The tools, in the order in which they are listed. */
export const toolNames = ['caption', 'answer', 'read_text', 'detect', 'segment', 'look'] as const;
export type ToolName = (typeof toolNames)[number];

/** A tool's arguments, of whichever tool. */
export interface ToolArguments {
  readonly image: string;
  readonly length?: 'short' | 'sentence' | 'long';
  readonly question?: string;
  readonly language?: string;
  readonly things?: string;
  readonly min_score?: number;
}

/** Characters of base64 at most: 64 MiB of it. */
const MAX_IMAGE_TEXT = 64 * 2 ** 20;
const image = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(MAX_IMAGE_TEXT),
  v.description('The picture: a path, an http or https address, or a data URI with base64'),
);
const language = v.exactOptional(
  v.pipe(
    v.string(),
    v.maxLength(20),
    v.description('Code of the language of the answer, such as en, es, zh'),
  ),
);
const things = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(1000),
  v.description('What to find: one thing, or several separated by semicolons, such as "dog ; red car"'),
);
const minScore = v.exactOptional(
  v.pipe(v.number(), v.minValue(0), v.maxValue(1), v.description('Leave out objects that score below this')),
);

/** What each tool takes. */
export const inputSchemas: Readonly<Record<ToolName, v.GenericSchema<unknown, ToolArguments>>> = {
  caption: v.strictObject({
    image,
    length: v.exactOptional(
      v.pipe(v.picklist(['short', 'sentence', 'long']), v.description('Default: sentence')),
    ),
    language,
  }),
  answer: v.strictObject({
    image,
    question: v.pipe(v.string(), v.nonEmpty(), v.maxLength(2000), v.description('About this one picture')),
    language,
  }),
  read_text: v.strictObject({ image }),
  detect: v.strictObject({ image, things, min_score: minScore }),
  segment: v.strictObject({ image, things, min_score: minScore }),
  look: v.strictObject({
    image,
    things: v.exactOptional(v.pipe(things, v.description('Mark these on the picture; none when absent'))),
    min_score: minScore,
  }),
};

const objectSchema = v.object({
  label: v.string(),
  score: v.number(),
  box: v.pipe(v.array(v.number()), v.description('left, top, right, bottom in pixels')),
});
const pictureSchema = v.object({ width: v.number(), height: v.number() });

/** What the tools for words give, besides their text. */
export const textSchema = v.object({ text: v.string(), truncated: v.boolean() });

/** What the tools for objects give, besides a table. */
export const objectsSchema = v.object({
  picture: pictureSchema,
  objects: v.pipe(v.array(objectSchema), v.maxLength(MAX_OBJECTS)),
  found: v.pipe(v.number(), v.description('How many there are; objects holds the first of them')),
  truncated: v.pipe(v.boolean(), v.description('The answer was cut at its limit: there may be more')),
});
