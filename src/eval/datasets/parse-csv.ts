/**
 * Rows of comma-separated values (RFC 4180): fields in quotes may hold commas, line feeds and doubled quotes. Each
 * with the number of the line that it begins on, from 1.
 */
export function parseCsv(text: string): { readonly line: number; readonly fields: string[] }[] {
  const rows: { line: number; fields: string[] }[] = [];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|$)/gy;
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  const clean = text.replace(/^\uFEFF/, '');
  for (let match = pattern.exec(clean); match !== null; match = pattern.exec(clean)) {
    const [whole, field, end] = match;
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    line += whole.split('\n').length - 1;
    if (end !== ',') {
      if (fields.length > 1 || fields[0] !== '') rows.push({ line: start, fields });
      fields = [];
      start = line;
    }
    if (pattern.lastIndex >= clean.length && end !== ',') break;
  }
  return rows;
}
