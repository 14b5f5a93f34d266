import { decodeImage } from '../image/decode/decode-image.js';
import { encodeImage } from '../image/draw/encode-image.js';
import { shrinkImage } from '../image/resize/shrink-image.js';
import type { Answered } from './answered.js';
import type { EvalReport, ExampleScore, MetricReport } from './eval-report.js';
import type { Truth } from './example.js';
import { toReportTable } from './report-table.js';
import { toPixels } from './scores/to-picture-objects.js';

/** Longer side of a picture on the page, pixels. */
const SIDE = 360;

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem}
pre{overflow-x:auto;font:13px/1.45 ui-monospace,monospace}ul{list-style:none;padding:0;display:grid;gap:1.2rem;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
li{border:1px solid #8886;border-radius:8px;overflow:hidden}figure{margin:0;position:relative}img{display:block;width:100%}
svg{position:absolute;inset:0;width:100%;height:100%}rect{fill:none;stroke-width:3;vector-effect:non-scaling-stroke}.truth{stroke:#1a9850}.found{stroke:#e5432d;stroke-dasharray:7 4}
p{margin:.5rem .7rem;overflow-wrap:anywhere}small{opacity:.75}`;

/**
 * A report as one page that needs nothing else: the table, and the worst examples as pictures with truth (green) and
 * answer (red, dashed). Everything from models and files is escaped; the page runs no script and loads nothing.
 */
export async function renderReportPage(report: EvalReport, answered: readonly Answered[]): Promise<string> {
  const byId = new Map(answered.map((one) => [one.example.id, one]));
  const sections: string[] = [];
  for (const metric of report.metrics) sections.push(await renderMetric(metric, byId));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(`${report.dataset.kind} · pali eval`)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(report.dataset.kind)}</h1><pre>${escapeHtml(toReportTable(report))}</pre>
${sections.join('\n')}</body></html>
`;
}

async function renderMetric(metric: MetricReport, byId: ReadonlyMap<string, Answered>): Promise<string> {
  const changed = metric.change?.most ?? [];
  const lists = [
    await renderList(`${metric.title}: worst`, metric.worst, byId),
    await renderList(`${metric.title}: changed most`, changed, byId),
  ];
  return lists.join('\n');
}

async function renderList(
  title: string,
  scores: readonly (ExampleScore & { readonly before?: number })[],
  byId: ReadonlyMap<string, Answered>,
): Promise<string> {
  if (scores.length === 0) return '';
  const items: string[] = [];
  for (const one of scores) {
    const answered = byId.get(one.id);
    if (answered !== undefined) items.push(await renderItem(one, answered));
  }
  return `<h2>${escapeHtml(title)}</h2><ul>${items.join('\n')}</ul>`;
}

async function renderItem(
  { score, before }: ExampleScore & { readonly before?: number },
  { example, answer }: Answered,
): Promise<string> {
  const shown = before === undefined ? show(score) : `${show(before)} → ${show(score)}`;
  const truth = example.truth.kind === 'text' ? example.truth.answers.join(' | ') : labelsOf(example.truth);
  const given =
    example.truth.kind === 'text' ? answer.text : answer.objects.map(({ label }) => label).join(', ');
  return `<li>${await renderPicture({ example, answer })}
<p><b>${escapeHtml(shown)}</b> ${escapeHtml(example.text)} <small>${escapeHtml(example.picture)}</small></p>
<p>Truth: ${escapeHtml(truth)}</p><p>Answer: ${escapeHtml(given === '' ? 'nothing' : given)}</p></li>`;
}

async function renderPicture({ example, answer }: Answered): Promise<string> {
  const image = await decodeImage(example.picture).catch(() => undefined);
  if (image === undefined) return '';
  const small = await encodeImage(await shrinkImage(image, SIDE), 'jpeg');
  const source = `data:image/jpeg;base64,${Buffer.from(small).toString('base64')}`;
  const { truth } = example;
  const size = { width: image.width, height: image.height };
  const objects = truth.kind === 'text' ? [] : truth.kind === 'referred' ? [truth.object] : truth.objects;
  const isRelative = truth.kind !== 'text' && truth.isRelative === true;
  const rectangles = [
    ...objects.map((object) => ({
      ...toPixels(object, size, isRelative),
      kind: 'truth',
      label: object.label,
    })),
    ...answer.objects.map(({ box, label }) => ({ box, kind: 'found', label })),
  ].map(
    ({ box, kind, label }) =>
      `<rect class="${kind}" x="${box.x0}" y="${box.y0}" width="${box.x1 - box.x0}" height="${box.y1 - box.y0}"><title>${escapeHtml(label)}</title></rect>`,
  );
  const drawn = `<svg viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none">${rectangles.join('')}</svg>`;
  return `<figure><img alt="" src="${source}">${rectangles.length === 0 ? '' : drawn}</figure>`;
}

function labelsOf(truth: Exclude<Truth, { kind: 'text' }>): string {
  const objects = truth.kind === 'referred' ? [truth.object] : truth.objects;
  return objects.map(({ label, isCrowd }) => (isCrowd ? `${label} (crowd)` : label)).join(', ') || 'nothing';
}

function show(score: number): string {
  return (score * 100).toFixed(1);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
