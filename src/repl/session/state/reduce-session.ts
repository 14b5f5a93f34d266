import type { AnswerProgress } from '../../../tasks/answers/stream-answer.js';
import type { Settings } from './settings.js';
import {
  resultsOf,
  type Block,
  type ModelState,
  type OpenPicture,
  type Run,
  type SessionAnswer,
  type SessionState,
} from './session-state.js';
import type { VideoProgress } from './video-state.js';

/** An answer that gets its number here. */
export type NewAnswer = Omit<SessionAnswer, 'number'>;

/** Everything that can happen in a session. */
export type SessionAction =
  | { readonly type: 'queue'; readonly line: string }
  | { readonly type: 'unqueue' }
  | { readonly type: 'drop-queue' }
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'progress'; readonly progress: AnswerProgress }
  | { readonly type: 'video-progress'; readonly progress: VideoProgress }
  /** The line is finished; its block goes above the input line. */
  | { readonly type: 'finish'; readonly block?: Block; readonly answer?: NewAnswer }
  | { readonly type: 'block'; readonly block: Block }
  | { readonly type: 'open'; readonly picture: OpenPicture }
  /** Another frame of the video with this name. */
  | { readonly type: 'move'; readonly picture: OpenPicture }
  | { readonly type: 'turn-to'; readonly index: number }
  | { readonly type: 'model'; readonly model: Partial<ModelState> }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'prompted'; readonly line: string; readonly labels: readonly string[] }
  | { readonly type: 'notice'; readonly text: string | undefined };

/** Labels kept for completion. */
const MAX_LABELS = 50;
/** Pictures kept open; the oldest makes room. A photo from a phone takes 36 MB. */
export const MAX_PICTURES = 16;
/** Answers kept for /save and the like, and the pictures that they may keep besides those that are open. */
const MAX_ANSWERS = 200;
const MAX_ANSWERED_PICTURES = 16;
/** Answers about frames of videos that they have together; those of the last video stay, however many. */
const MAX_ANSWERED_FRAMES = 20_000;

/** Blocks that are kept whole; those who show them do so at once. */
const MAX_BLOCKS = 64;
const WRITTEN: Block = { type: 'note', text: '', tone: 'plain' };

/** The session after something happened. */
export function reduceSession(state: SessionState, action: SessionAction): SessionState {
  switch (action.type) {
    case 'queue':
      return { ...state, queue: [...state.queue, action.line] };
    case 'unqueue':
      return { ...state, queue: state.queue.slice(1) };
    case 'drop-queue':
      return { ...state, queue: [] };
    case 'run':
      return { ...state, run: action.run };
    case 'progress':
      return takeProgress(state, action.progress);
    case 'video-progress':
      return state.run === undefined ? state : { ...state, run: { ...state.run, video: action.progress } };
    case 'finish':
      return finish(state, action.block, action.answer);
    case 'block':
      return { ...state, blocks: addBlock(state.blocks, action.block) };
    case 'open':
      return openPicture(state, action.picture);
    case 'move':
      return moveInVideo(state, action.picture);
    case 'turn-to':
      return { ...state, current: action.index };
    case 'model':
      return { ...state, model: { ...state.model, ...action.model } };
    case 'settings':
      return { ...state, settings: action.settings };
    case 'prompted':
      return { ...state, lastPrompt: action.line, labels: addLabels(state.labels, action.labels) };
    case 'notice':
      return action.text === state.notice ? state : { ...state, notice: action.text };
  }
}

function takeProgress(state: SessionState, progress: AnswerProgress): SessionState {
  if (state.run === undefined) return state;
  const run: Run = {
    ...state.run,
    step: progress.tokens === 0 ? 'reading the prompt' : 'answering',
    progress,
  };
  return { ...state, run, tokensPerSecond: progress.tokensPerSecond || state.tokensPerSecond };
}

function finish(state: SessionState, block?: Block, added?: NewAnswer): SessionState {
  const number = (state.lastAnswer?.number ?? 0) + 1;
  const answer = added && { ...added, number };
  const results = answer === undefined ? [] : resultsOf(answer);
  const found = results.flatMap(({ detections = [] }) => detections.map(({ label }) => label));
  return {
    ...state,
    run: undefined,
    blocks:
      block === undefined
        ? state.blocks
        : addBlock(state.blocks, answer ? numberBlock(block, number) : block),
    answers: answer === undefined ? state.answers : keepAnswers([...state.answers, answer]),
    lastAnswer: answer ?? state.lastAnswer,
    timeline: answer?.video ?? state.timeline,
    tokensPerSecond: answer?.result.timings?.tokensPerSecond || state.tokensPerSecond,
    labels: addLabels(state.labels, found),
  };
}

/** A block is written once: what was written long ago gives its pictures and answers back, and keeps its place. */
function addBlock(blocks: readonly Block[], block: Block): readonly Block[] {
  const added = [...blocks, block];
  const old = added.length - 1 - MAX_BLOCKS;
  if (old >= 0) added[old] = WRITTEN;
  return added;
}

function numberBlock(block: Block, number: number): Block {
  return block.type === 'answer' || block.type === 'timeline' ? { ...block, number } : block;
}

/** The newest, of not too many pictures and frames. */
function keepAnswers(answers: readonly SessionAnswer[]): readonly SessionAnswer[] {
  const pictures = new Set<OpenPicture['image']>();
  let frames = 0;
  const first = answers.findLastIndex(({ picture, video }, index) => {
    pictures.add(picture.image);
    frames += video?.frames.length ?? 0;
    const isLast = index === answers.length - 1;
    return !isLast && (pictures.size > MAX_ANSWERED_PICTURES || frames > MAX_ANSWERED_FRAMES);
  });
  return answers.slice(Math.max(first + 1, answers.length - MAX_ANSWERS));
}

/** A picture with the same name replaces the older one. */
function openPicture(state: SessionState, picture: OpenPicture): SessionState {
  const others = state.pictures.filter(({ name }) => name !== picture.name);
  const pictures = [...others, picture].slice(-MAX_PICTURES);
  return { ...state, pictures, current: pictures.length - 1 };
}

function moveInVideo(state: SessionState, picture: OpenPicture): SessionState {
  const index = state.pictures.findIndex(({ name }) => name === picture.name);
  return index < 0
    ? openPicture(state, picture)
    : { ...state, pictures: state.pictures.with(index, picture), current: index };
}

function addLabels(labels: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...added.filter((label) => label !== ''), ...labels])].slice(0, MAX_LABELS);
}
