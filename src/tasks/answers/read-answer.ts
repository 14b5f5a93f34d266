import { parseRecords } from '../../answers/parse-records.js';
import { placeMask } from '../../answers/place-mask.js';
import { toDetections, type LocScale } from '../../answers/to-detections.js';
import { stripControl } from '../../base/strip-control.js';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { isObjectTask } from '../../base/task-name.js';
import type { TaskResult } from '../../base/task-result.js';
import type { DoneEvent, Engine } from '../../engine/engine.js';
import type { Task } from '../prompts/task.js';

/** An answer and what is needed to interpret it. */
export interface AnswerToRead {
  readonly task: Task;
  readonly done: DoneEvent;
  /** The picture's size as displayed, in pixels. */
  readonly picture: Size;
  readonly locScale: LocScale;
  /** Objects whose score is below this are left out, before their masks are decoded. */
  readonly minScore?: number | undefined;
  /** Decodes mask codes. */
  readonly engine: Pick<Engine, 'decodeMasks'>;
}

/**
 * The result fields that come from the answer: for detect and segment the objects found; for other tasks the readable
 * text, plus objects if the answer holds location tokens. Masks are decoded and placed.
 *
 * @throws {ModelError} the answer holds mask codes and the model has no mask decoder.
 */
export async function readAnswer({
  task,
  done,
  picture,
  locScale,
  minScore = 0,
  engine,
}: AnswerToRead): Promise<Pick<TaskResult, 'text' | 'raw' | 'detections' | 'rejected'>> {
  const { records, rejected, text } = parseRecords(done.raw);
  const isObjects = isObjectTask(task.name);
  const hasLocations = records.length > 0 || rejected.length > 0;
  const found = toDetections(records, picture, done.tokens, locScale).filter(
    ({ score }) => score >= minScore,
  );
  return {
    raw: stripControl(done.raw),
    ...(isObjects ? {} : { text }),
    ...(isObjects || hasLocations ? { detections: await addMasks(found, picture, engine) } : {}),
    ...(rejected.length > 0 ? { rejected } : {}),
  };
}

async function addMasks(
  detections: readonly Detection[],
  picture: Size,
  engine: Pick<Engine, 'decodeMasks'>,
): Promise<Detection[]> {
  const codes = detections.flatMap((detection) => (detection.codes ? [detection.codes] : []));
  const masks = codes.length === 0 ? [] : await engine.decodeMasks(codes);
  let next = 0;
  return detections.map((detection) =>
    detection.codes ? { ...detection, mask: placeMask(masks[next++], detection.bins, picture) } : detection,
  );
}
