import type { Size } from '../../base/geometry.js';
import type { EventPlace } from '../../base/stream-event.js';
import type { TaskResult } from '../../base/task-result.js';
import type { EngineEvent } from '../../engine/engine.js';
import { askAboutPictures, type Answer, type PictureQuestion } from './ask-about-pictures.js';
import type { Tile } from '../inputs/cut-tiles.js';
import type { PromptPictures } from '../inputs/shrink-pictures.js';
import type { ModelPicture } from '../inputs/to-model-picture.js';
import { mergeTiles } from './merge-tiles.js';
import type { Task } from '../prompts/task.js';

/** One prompt about one part of the picture. */
export interface AskedPart extends Pick<EventPlace, 'promptNumber' | 'tileNumber'> {
  /** Absent for the whole picture. */
  readonly tile?: Tile;
}

/** Gives the listener for the engine's events about a part. */
export type WatchPart = (part: AskedPart) => (event: EngineEvent) => void;

/**
 * Ask a question whose task has parts, or whose picture has tiles: every part, about the whole picture and every tile,
 * all at the same time. The engine encodes each picture once. Objects are combined in the order of the parts; prompts
 * and raw answers are one per line; tokens per second are the total.
 *
 * @param watch gives each part its own `onEvent`.
 * @throws what askAboutPictures throws.
 */
export async function askInParts(
  question: PictureQuestion & PromptPictures,
  watch: WatchPart | undefined,
): Promise<Answer> {
  const { task, pictures, tiles = [] } = question;
  const whole = pictures[0].size;
  const asked: readonly { pictures: readonly ModelPicture[]; tile?: Tile }[] = [
    { pictures },
    ...tiles.map(({ picture, tile }) => ({ pictures: [picture], tile })),
  ];
  const parts = task.parts ?? [task];
  const answers = await Promise.all(
    parts.map((part, promptNumber) =>
      Promise.all(
        asked.map(({ tile, ...about }, tileNumber) => {
          const onEvent = watch?.({
            ...(task.parts && { promptNumber }),
            ...(tiles.length > 0 && { tileNumber }),
            ...(tile && { tile }),
          });
          return askAboutPictures({ ...question, ...about, task: part, onEvent });
        }),
      ),
    ),
  );
  const places = [{ x: 0, y: 0, ...whole }, ...tiles.map(({ tile }) => tile)];
  const detections = answers.flatMap((ofPart) => mergePart(ofPart, places, whole));
  // Every part uses the same pictures, which were decoded once.
  const decodeMs = asked
    .flatMap((about) => about.pictures)
    .reduce((sum, picture) => sum + picture.decodeMs, 0);
  return joinAnswers(task, answers.flat(), { detections, decodeMs });
}

function mergePart(
  answers: readonly Answer[],
  tiles: readonly Tile[],
  picture: Size,
): NonNullable<TaskResult['detections']> {
  // A single tile is the whole picture: the answer keeps its order.
  if (tiles.length === 1) return answers[0].detections ?? [];
  const findings = answers.map(({ detections = [] }, i) => ({ tile: tiles[i], detections }));
  return mergeTiles(findings, picture);
}

function joinAnswers(
  task: Task,
  answers: readonly Answer[],
  {
    detections,
    decodeMs,
  }: { readonly detections: NonNullable<TaskResult['detections']>; readonly decodeMs: number },
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
    // A server that fails does so in the middle of some part: what answered last answers from then on.
    device: answers.findLast(({ device }) => device !== undefined)?.device,
    detections,
    ...(rejected.length > 0 ? { rejected } : {}),
    ...(hasTokens ? { tokens } : {}),
    timings: {
      loadMs: 0,
      decodeMs,
      visionMs: sum(({ visionMs }) => visionMs),
      prefillMs: sum(({ prefillMs }) => prefillMs),
      // They are generated together, so the longest took as long as all of them.
      generateMs: Math.max(...timings.map(({ generateMs }) => generateMs)),
      tokensPerSecond: sum(({ tokensPerSecond }) => tokensPerSecond),
    },
  };
}
