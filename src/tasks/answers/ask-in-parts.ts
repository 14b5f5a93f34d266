import type { Size } from '../../base/geometry.js';
import type { EventPlace } from '../../base/stream-event.js';
import type { TaskResult } from '../../base/task-result.js';
import type { EngineEvent } from '../../engine/engine.js';
import { askAboutPictures, type Answer, type PictureQuestion } from './ask-about-pictures.js';
import { cutTile, layoutTiles, type Tile } from './cut-tiles.js';
import { mergeTiles } from './merge-tiles.js';
import type { Task } from '../prompts/task.js';

/** One prompt about one part of the picture. */
export interface AskedPart extends Pick<EventPlace, 'promptNumber' | 'tileNumber'> {
  /** Absent for the whole picture. */
  readonly tile?: Tile;
}

/**
 * Ask a question whose task has parts, or whose picture is cut into tiles: every part about every tile and about
 * the whole picture, all at the same time. The engine encodes each picture once. Objects are put together in the
 * order of the parts; prompts and raw answers are one a line; tokens per second are those of all together.
 *
 * @param tileCount tiles along the longer side, 1 for the whole picture alone.
 * @param watch gives each part its own `onEvent`; that of the question is not told.
 * @throws what askAboutPictures throws.
 */
export async function askInParts(
  question: PictureQuestion,
  tileCount: number,
  watch?: (part: AskedPart) => (event: EngineEvent) => void,
): Promise<Answer> {
  const { task, pictures } = question;
  const [{ image, decodeMs }] = pictures;
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const tiles = tileCount > 1 ? [whole, ...layoutTiles(image, tileCount)] : [whole];
  const cut = tiles.map((tile, i) => ({
    tile,
    // Decoding is counted once.
    picture: i === 0 ? { image, decodeMs } : { image: cutTile(image, tile), decodeMs: 0 },
  }));
  const parts = task.parts ?? [task];
  const answers = await Promise.all(
    parts.map((part, promptNumber) =>
      Promise.all(
        cut.map(({ picture, tile }, tileNumber) => {
          const asked: AskedPart = {
            ...(task.parts && { promptNumber }),
            ...(tileCount > 1 && { tileNumber }),
            ...(tileNumber > 0 && { tile }),
          };
          return askAboutPictures({ ...question, task: part, pictures: [picture], onEvent: watch?.(asked) });
        }),
      ),
    ),
  );
  const detections = answers.flatMap((ofPart) => mergePart(ofPart, tiles, image));
  return joinAnswers(task, answers.flat(), detections);
}

function mergePart(
  answers: readonly Answer[],
  tiles: readonly Tile[],
  picture: Size,
): NonNullable<TaskResult['detections']> {
  // One tile is the whole picture: the order of the answer stays.
  if (tiles.length === 1) return answers[0].detections ?? [];
  const findings = answers.map(({ detections = [] }, i) => ({ tile: tiles[i], detections }));
  return mergeTiles(findings, picture);
}

function joinAnswers(
  task: Task,
  answers: readonly Answer[],
  detections: NonNullable<TaskResult['detections']>,
): Answer {
  const rejected = answers.flatMap((answer) => answer.rejected ?? []);
  const tokens = answers.flatMap((answer) => answer.tokens ?? []);
  const hasTokens = answers.some((answer) => answer.tokens !== undefined);
  const timings = answers.flatMap((answer) => answer.timings ?? []);
  const sum = (read: (timing: (typeof timings)[number]) => number): number =>
    timings.reduce((total, timing) => total + read(timing), 0);
  return {
    task: task.name,
    prompt: [...new Set(answers.map(({ prompt }) => prompt))].join('\n'),
    raw: answers.map(({ raw = '' }) => raw).join('\n'),
    truncated: answers.some(({ truncated }) => truncated),
    detections,
    ...(rejected.length > 0 ? { rejected } : {}),
    ...(hasTokens ? { tokens } : {}),
    timings: {
      loadMs: 0,
      decodeMs: sum(({ decodeMs }) => decodeMs),
      visionMs: sum(({ visionMs }) => visionMs),
      prefillMs: sum(({ prefillMs }) => prefillMs),
      // They are decoded together: the longest took as long as all.
      generateMs: Math.max(...timings.map(({ generateMs }) => generateMs)),
      tokensPerSecond: sum(({ tokensPerSecond }) => tokensPerSecond),
    },
  };
}
