/** Every metric by its name for --metric, with the heading of its row and what it is, in one line. */
export const metricTitles = {
  cider: 'CIDEr',
  bleu: 'BLEU-4',
  vqa: 'VQA accuracy',
  okvqa: 'OKVQA accuracy',
  anls: 'ANLS',
  relaxed: 'relaxed accuracy',
  exact: 'exact match',
  caseless: 'exact match in small letters',
  scienceqa: 'ScienceQA accuracy',
  tally: 'TallyQA accuracy',
  pope: 'POPE accuracy',
  mmvp: 'MMVP accuracy of pairs',
  referring: 'mIoU of masks',
  boxes: 'AP of boxes',
  masks: 'AP of masks',
} as const;

export type MetricName = keyof typeof metricTitles;

export const metricNames = Object.keys(metricTitles) as MetricName[];
