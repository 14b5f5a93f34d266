import type { Detection } from '../../base/detection.js';
import { boxIou, type Box, type Size } from '../../base/geometry.js';
import type { Tile } from '../inputs/cut-tiles.js';
import { moveToPicture } from './move-to-picture.js';

/** Boxes with the same label that overlap this much are one object: a usual value for detectors. */
const SAME_IOU = 0.5;
/**
 * A piece cut off by a tile's edge with this share of it inside another box of the same label is part of that object.
 */
const INSIDE_SHARE = 0.7;
/** A box that ends within this share of a tile from its edge is assumed to be cut off there. */
const EDGE_SHARE = 0.02;

/** What was found in one tile, in the tile's pixels. */
export interface TileFindings {
  readonly tile: Tile;
  readonly detections: readonly Detection[];
}

interface Candidate {
  readonly detection: Detection;
  /** It ends at an edge of its tile that is not the picture's. */
  readonly isCut: boolean;
}

/**
 * The findings of all tiles in the picture's pixels, with each object once. Among boxes that are the same object, a
 * whole one is preferred to one cut off by a tile, then the one with the higher score. Sorted by score, best first.
 */
export function mergeTiles(findings: readonly TileFindings[], picture: Size): Detection[] {
  const candidates = findings
    .flatMap(({ tile, detections }) =>
      detections.map((detection) => ({
        detection: moveToPicture(detection, tile, picture),
        isCut: isCut(detection.box, tile, picture),
      })),
    )
    .sort((a, b) => Number(a.isCut) - Number(b.isCut) || b.detection.score - a.detection.score);
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    if (!kept.some((other) => isSameObject(candidate, other))) kept.push(candidate);
  }
  return kept.map(({ detection }) => detection).sort((a, b) => b.score - a.score);
}

function isSameObject({ detection, isCut }: Candidate, { detection: other }: Candidate): boolean {
  if (detection.label !== other.label) return false;
  if (boxIou(detection.box, other.box) >= SAME_IOU) return true;
  return isCut && shareInside(detection.box, other.box) >= INSIDE_SHARE;
}

/** What share of `inner` lies within `outer`, 0..1. */
function shareInside(inner: Box, outer: Box): number {
  const width = Math.min(inner.x1, outer.x1) - Math.max(inner.x0, outer.x0);
  const height = Math.min(inner.y1, outer.y1) - Math.max(inner.y0, outer.y0);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / ((inner.x1 - inner.x0) * (inner.y1 - inner.y0));
}

function isCut({ x0, y0, x1, y1 }: Box, tile: Tile, picture: Size): boolean {
  const [nearX, nearY] = [tile.width * EDGE_SHARE, tile.height * EDGE_SHARE];
  return (
    (tile.x > 0 && x0 <= nearX) ||
    (tile.y > 0 && y0 <= nearY) ||
    (tile.x + tile.width < picture.width && x1 >= tile.width - nearX) ||
    (tile.y + tile.height < picture.height && y1 >= tile.height - nearY)
  );
}
