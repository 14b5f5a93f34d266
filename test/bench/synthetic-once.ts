// One measurement in a process of its own: whole FOLDER, or guess DTYPE.
import type { Dtype } from '../../src/base/dtype.js';
import { measureModel } from '../../src/diagnostics/measure-model.js';
import { measureSynthetic } from '../../src/diagnostics/measure-synthetic.js';

const [what, value] = process.argv.slice(2);
const { signal } = new AbortController();
const measured =
  what === 'whole'
    ? await measureModel(value, 'cpu')
    : await measureSynthetic({ name: 'paligemma-3b-224', dtype: value as Dtype, device: 'cpu', signal });
process.send!(measured);
