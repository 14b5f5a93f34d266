import { UsageError } from '../../base/errors.js';
import { taskNames } from '../../base/task-name.js';
import type { EvaluateOptions } from '../../eval/evaluate.js';
import { metricNames, type MetricName } from '../../eval/metric-name.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readVerbosity, type Verbosity } from './model-options.js';
import { readChoice, readFlag, readNumber, readText } from './read-option.js';

const reportFormats = ['table', 'json', 'html'] as const;

/** How a report is written. */
export type ReportFormat = (typeof reportFormats)[number];

/** Options of `eval` and `score`. */
export const reportOptions: readonly OptionDefinition[] = [
  {
    flags: '--metric <names>',
    description: `one or more, separated by commas, instead of the data set's own: ${metricNames.join(', ')}`,
    values: metricNames,
  },
  { flags: '--images <folder>', description: 'where the pictures are, if not beside the labels' },
  { flags: '--limit <count>', description: 'the first examples only' },
  {
    flags: '--against <file>',
    description: 'compare with the results of another run: what changed, and for which pictures',
  },
  {
    flags: '--format <format>',
    description: `${reportFormats.join(', ')} (default: table)`,
    values: reportFormats,
  },
  { flags: '-o, --output <path>', description: 'write the report to this file' },
];

/** What is asked about each example. */
export const askingOptions: readonly OptionDefinition[] = [
  { flags: '--task <task>', description: "a task instead of the data set's own", values: taskNames },
  {
    flags: '--prompt <prompt>',
    description: 'send this, with {text} for the question, the things or the expression',
  },
  {
    flags: '--lang <code>',
    description: 'language of questions and captions (default: en)',
    values: 'languages',
  },
  { flags: '--per-class', description: 'ask for each thing in a prompt of its own' },
  { flags: '--resume <file>', description: 'keep every answer in this file, and continue from those in it' },
];

/** The options of both, checked. */
export interface ReportOptions extends Verbosity {
  readonly metrics: readonly MetricName[] | undefined;
  readonly images: string | undefined;
  readonly limit: number | undefined;
  readonly against: string | undefined;
  readonly format: ReportFormat;
  readonly output: string | undefined;
}

/** @throws {UsageError} a value is none of those allowed. */
export function readReportOptions(call: CommandCall): ReportOptions {
  const { options } = call;
  return {
    ...readVerbosity(call),
    metrics: readMetrics(readText(options, 'metric')),
    images: readText(options, 'images'),
    limit: readNumber(options, 'limit', { min: 1, max: 1e9, isWhole: true }),
    against: readText(options, 'against'),
    format: readChoice(options, 'format', reportFormats) ?? 'table',
    output: readText(options, 'output'),
  };
}

/** @throws {UsageError} a task that does not exist. */
export function readPromptOptions({ options }: CommandCall): EvaluateOptions['prompts'] {
  const template = readText(options, 'prompt');
  return {
    task: readChoice(options, 'task', taskNames),
    template,
    language: readText(options, 'lang'),
    isPerClass: readFlag(options, 'perClass'),
  };
}

function readMetrics(text: string | undefined): MetricName[] | undefined {
  return text?.split(',').map((name) => {
    const metric = metricNames.find((one) => one === name.trim());
    if (metric !== undefined) return metric;
    throw new UsageError('OPTION_VALUE', `--metric cannot be '${name.trim()}'.`, {
      hint: `It is one of: ${metricNames.join(', ')}.`,
    });
  });
}
