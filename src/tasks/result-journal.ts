import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { decodeMaskRle } from '../base/mask-rle.js';
import { InputError, UsageError } from '../base/errors.js';
import { taskNames } from '../base/task-name.js';
import type { TaskResult } from '../base/task-result.js';
import { createJsonlRenderer } from '../render/json.js';

/** Largest journal that is read back, bytes: about a million frames. */
const MAX_JOURNAL_BYTES = 1024 * 1024 * 1024;

/** What the results of a run have in common; a journal of another run is refused. */
export interface JournalKey {
  readonly input: string;
  readonly prompt: string;
  readonly model: string;
}

const boxSchema = z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() });
const bin = z.int().min(0).max(1023);
const detectionSchema = z.object({
  label: z.string(),
  score: z.number(),
  boxScore: z.number(),
  box: boxSchema,
  bins: z.tuple([bin, bin, bin, bin]),
  mask: z.object({ size: z.tuple([z.int(), z.int()]), counts: z.string() }).optional(),
});
/** The fields that are used again; others of the line are left alone. */
const lineSchema = z.object({
  input: z.string(),
  task: z.enum(taskNames),
  prompt: z.string(),
  model: z.object({ name: z.string(), dtype: z.string(), device: z.string() }),
  image: z.object({ width: z.int().positive(), height: z.int().positive() }),
  text: z.string().optional(),
  raw: z.string().optional(),
  truncated: z.boolean().optional(),
  detections: z.array(detectionSchema).optional(),
  rejected: z.array(z.object({ raw: z.string(), reason: z.string() })).optional(),
  frame: z.object({
    index: z.int().min(0),
    timeSeconds: z.number(),
    endSeconds: z.number(),
    sameAs: z.int().min(0).optional(),
  }),
  error: z.unknown().optional(),
});

/**
 * The results of a run in a file of JSON lines, added one by one, so that a run that was killed goes on where it
 * stopped. Frames that failed are tried again.
 */
export class ResultJournal {
  readonly #file: FileHandle;
  readonly #results: Map<number, TaskResult>;
  readonly #renderer = createJsonlRenderer();

  private constructor(file: FileHandle, results: Map<number, TaskResult>) {
    this.#file = file;
    this.#results = results;
  }

  /**
   * Open a journal, or begin one where there is no such file. A last line that was cut off is taken away.
   *
   * @throws {UsageError} it belongs to another video, prompt or model, or cannot be written.
   * @throws {InputError} it is no journal, or too large.
   */
  static async open(path: string, key: JournalKey): Promise<ResultJournal> {
    const file = await open(path, 'a+').catch((cause: unknown) => {
      throw new UsageError('OUTPUT_UNWRITABLE', `${path} cannot be opened for writing.`, { cause });
    });
    try {
      const { size } = await file.stat();
      if (size > MAX_JOURNAL_BYTES) throw new InputError('JOURNAL_TOO_LARGE', `${path} is too large.`);
      const content = await file.readFile();
      const whole = content.lastIndexOf(0x0a) + 1;
      if (whole < content.length) await file.truncate(whole);
      return new ResultJournal(file, readResults(content.toString('utf8', 0, whole), path, key));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Frames that are known. */
  get size(): number {
    return this.#results.size;
  }

  /** The result of the frame of this number, if there is one. */
  resultAt(index: number): TaskResult | undefined {
    return this.#results.get(index);
  }

  /** Add a frame's result; it is in the file when the promise settles. */
  async add(result: TaskResult): Promise<void> {
    await this.#file.appendFile(this.#renderer.renderResult(result));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function readResults(text: string, path: string, key: JournalKey): Map<number, TaskResult> {
  const results = new Map<number, TaskResult>();
  text.split('\n').forEach((line, number) => {
    if (line.trim() === '') return;
    const result = readLine(line, `${path}, line ${number + 1}`);
    const { input, prompt, model } = result;
    if (input !== key.input || prompt !== key.prompt || model?.name !== key.model) {
      throw new UsageError('JOURNAL_OTHER_RUN', `${path} holds results of another video, prompt or model.`, {
        hint: `They are of: ${input}, "${prompt}", ${model?.name ?? 'no model'}. Name another file.`,
      });
    }
    if (result.error === undefined && result.frame) results.set(result.frame.index, result);
  });
  return results;
}

function readLine(line: string, place: string): TaskResult {
  try {
    const { detections, text, ...fields } = lineSchema.parse(JSON.parse(line));
    const isObjects = fields.task === 'detect' || fields.task === 'segment';
    return {
      ...fields,
      // For objects the text is their rows, which are made anew.
      ...(isObjects || text === undefined ? {} : { text }),
      ...(detections && {
        detections: detections.map(({ mask, ...detection }) =>
          mask ? { ...detection, mask: decodeMaskRle(mask) } : detection,
        ),
      }),
    } as TaskResult;
  } catch (cause) {
    throw new InputError('JOURNAL_UNREADABLE', `${place} is not a result of a video's frame.`, {
      hint: 'Name a file that an earlier --resume wrote, or a new one.',
      cause,
    });
  }
}
