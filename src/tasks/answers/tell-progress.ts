import { parseRecords } from '../../answers/parse-records.js';
import { toDetections, type LocScale } from '../../answers/to-detections.js';
import type { Size } from '../../base/geometry.js';
import type { EventPlace, StreamEvent } from '../../base/stream-event.js';
import type { EngineEvent, GeneratedToken } from '../../engine/engine.js';
import type { Tile } from '../inputs/cut-tiles.js';
import { moveToPicture } from './move-to-picture.js';
import { toResultToken } from './to-result-token.js';

/** One answer being watched. */
export interface WatchedAnswer {
  readonly place: EventPlace;
  /** The picture's size as displayed, in pixels. */
  readonly picture: Size;
  /** The part of the picture that was asked about; absent for the whole picture. */
  readonly tile?: Tile | undefined;
  readonly locScale: LocScale;
  /** The number of alternatives requested with each token. */
  readonly alternatives: number | undefined;
}

/** Four coordinates at the end of the text so far. */
const ENDS_IN_BOX = /(?:<loc\d{4}>){4}$/;

/**
 * Turn what the engine says about one answer into events: each token, and each box as soon as its fourth coordinate
 * is there.
 */
export function tellProgress(
  { place, picture, tile, locScale, alternatives }: WatchedAnswer,
  tell: (event: StreamEvent) => void,
): (event: EngineEvent) => void {
  const tokens: GeneratedToken[] = [];
  let raw = '';
  let boxes = 0;
  return (event) => {
    if (event.type !== 'token') return;
    tokens.push(event.token);
    raw += event.token.text;
    tell({ ...place, type: 'token', token: toResultToken(event.token, alternatives) });
    if (!ENDS_IN_BOX.test(raw)) return;
    const found = toDetections(parseRecords(raw).records, tile ?? picture, tokens, locScale);
    for (const { box, bins } of found.slice(boxes)) {
      const detection = tile === undefined ? { box, bins } : moveToPicture({ box, bins }, tile, picture);
      tell({ ...place, type: 'box', index: boxes++, detection });
    }
  };
}
