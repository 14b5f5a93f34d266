import type { DeviceName, Dtype } from '../../../base/dtype.js';
import type { ExitCode } from '../../../base/errors.js';
import type { TaskResult } from '../../../base/task-result.js';
import type { PreparedPicture } from '../../../tasks/inputs/open-picture.js';
import type { AnswerProgress } from '../../../tasks/answers/stream-answer.js';
import type { Settings } from './settings.js';
import type { ShownPicture } from './shown-picture.js';
import type { Moment, MomentLook, OpenVideo, ShownStrip, VideoAnswer, VideoProgress } from './video-state.js';

/** An open picture, or the frame shown of a video. */
export interface OpenPicture extends PreparedPicture {
  /** As the user named it. */
  readonly name: string;
  readonly video?: OpenVideo | undefined;
}

/** A video or a frame of one. */
export type VideoPicture = OpenPicture & { readonly video: OpenVideo };

/** Prompts are about all its samples. */
export function isWholeVideo(picture: OpenPicture): picture is VideoPicture {
  return picture.video !== undefined && picture.video.place === undefined;
}

/** The model, and how far loading has got. */
export interface ModelState {
  readonly name: string;
  /** Known once the model is found. */
  readonly dtype?: Dtype | undefined;
  /** Known once it is loaded. */
  readonly device?: string | undefined;
  /** The server that runs it, in a few words; absent where this program does. */
  readonly server?: string | undefined;
  readonly phase: 'loading' | 'ready' | 'failed';
  /** While it is loading, 0 to 1; absent while unknown. */
  readonly loadedShare?: number | undefined;
  /** What was asked for. */
  readonly wantedDevice: DeviceName;
}

/** The line being processed. */
export interface Run {
  readonly line: string;
  /** What the spinner says before the first token. */
  readonly step:
    | 'opening the picture'
    | 'opening the video'
    | 'loading the model'
    | 'reading the prompt'
    | 'answering'
    | 'writing';
  readonly isObjectTask: boolean;
  readonly progress?: AnswerProgress | undefined;
  /** What is already known about the video being opened, while its frames are still being fetched. */
  readonly opening?: VideoBlock | undefined;
  /** The line is about a video. */
  readonly video?: VideoProgress | undefined;
}

/** A video that was opened. */
export interface VideoBlock {
  readonly type: 'video';
  readonly line?: string | undefined;
  readonly name: string;
  readonly info: OpenVideo['info'];
  /** Such as `8 samples at 1 fps`. */
  readonly samples: string;
  /** How to choose other samples. */
  readonly hint: string;
  readonly strip?: ShownStrip | undefined;
}

/** A finished piece of the conversation. It is written once, above the input line. */
export type Block =
  | {
      readonly type: 'header';
      readonly version: string;
      readonly model: string;
    }
  | {
      readonly type: 'picture';
      readonly line?: string | undefined;
      readonly picture: OpenPicture;
      /** `2 of 3`, when several are open. */
      readonly position: string;
      readonly shown?: ShownPicture | undefined;
      /** What the last answer about the video says about this frame. */
      readonly moment?: { readonly moment: Moment; readonly look: MomentLook } | undefined;
    }
  | VideoBlock
  /** A stretch of a video, added as soon as another follows it. */
  | {
      readonly type: 'moment';
      /** With the first one. */
      readonly line?: string | undefined;
      readonly moment: Moment;
      readonly look: MomentLook;
      /** Which of several pictures. */
      readonly pictureName?: string | undefined;
      readonly exitCode: ExitCode;
    }
  /** The end of a prompt about a video. */
  | {
      readonly type: 'timeline';
      /** If there was no moment. */
      readonly line?: string | undefined;
      readonly strip?: ShownStrip | undefined;
      readonly frames: number;
      readonly total?: number | undefined;
      readonly seconds: number;
      readonly isCancelled: boolean;
      /** Answers cut off at this limit, and how many. */
      readonly truncated: number;
      readonly maxTokens: number;
      /** The answer's, as /save takes it. */
      readonly number?: number | undefined;
      /** Frames that reused the previous answer. */
      readonly skipped: number;
    }
  | {
      readonly type: 'answer';
      readonly line: string;
      readonly result: TaskResult;
      /** Which of several pictures; absent when it was the only one. */
      readonly pictureName?: string | undefined;
      readonly shown?: ShownPicture | undefined;
      /** From entering the line to the end of the answer. */
      readonly seconds: number;
      /** The user stopped it: the result is a partial answer. */
      readonly isCancelled: boolean;
      readonly maxTokens: number;
      /** The answer's, as /save takes it. */
      readonly number?: number | undefined;
    }
  | {
      readonly type: 'error';
      readonly line?: string | undefined;
      readonly message: string;
      readonly hint?: string | undefined;
      readonly exitCode: ExitCode;
      /** For --debug. */
      readonly stack?: string | undefined;
    }
  | {
      readonly type: 'note';
      readonly line?: string | undefined;
      readonly text: string;
      readonly tone: 'plain' | 'dim' | 'warning';
    }
  | {
      readonly type: 'table';
      readonly line?: string | undefined;
      readonly rows: readonly (readonly [string, string])[];
    };

/** An answer, for /save, /export and /show. */
export interface SessionAnswer {
  /** From 1, in the order in which they came. */
  readonly number: number;
  readonly line: string;
  /** For a video: the last frame's. */
  readonly result: TaskResult;
  readonly picture: OpenPicture;
  /** The answers about all samples of a video. */
  readonly video?: VideoAnswer | undefined;
}

/** Everything about a session except its input line. */
export interface SessionState {
  readonly pictures: readonly OpenPicture[];
  /** Which of them prompts are about; -1 for none. */
  readonly current: number;
  readonly model: ModelState;
  readonly settings: Settings;
  readonly run?: Run | undefined;
  /** Waiting lines, oldest first. */
  readonly queue: readonly string[];
  /** All finished blocks, oldest first; only ever appended to. Of those written long ago only the place is kept. */
  readonly blocks: readonly Block[];
  readonly lastAnswer?: SessionAnswer | undefined;
  /** The last ones that are kept, oldest first, with that one. */
  readonly answers: readonly SessionAnswer[];
  /** The last answers about a whole video, kept while its frames are looked at. */
  readonly timeline?: VideoAnswer | undefined;
  /** The last line that was a prompt, for /again. */
  readonly lastPrompt?: string | undefined;
  readonly tokensPerSecond: number;
  /** Labels of answers and prompts, newest first, for completion. */
  readonly labels: readonly string[];
  /** A sentence under the input line that disappears with the next key. */
  readonly notice?: string | undefined;
}

/** The picture that prompts are about. */
export function currentPicture({ pictures, current }: SessionState): OpenPicture | undefined {
  return pictures[current];
}

export function startSession(settings: Settings, model: ModelState): SessionState {
  return {
    pictures: [],
    current: -1,
    model,
    settings,
    queue: [],
    blocks: [],
    answers: [],
    tokensPerSecond: 0,
    labels: [],
  };
}

/** All results of an answer: just one, or one for each sample of a video. */
export function resultsOf({ result, video }: Pick<SessionAnswer, 'result' | 'video'>): readonly TaskResult[] {
  return video?.frames.map((frame) => frame.result) ?? [result];
}
