// npm run bench -- NAME [options]: measures on this machine and prints ratios against a baseline of the same run.
import { readdirSync } from 'node:fs';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.startsWith('bench-') && file.endsWith('.js'))
  .map((file) => file.slice('bench-'.length, -'.js'.length));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`Give the name of a bench: ${names.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { bench } = (await import(`./bench-${name}.js`)) as {
    bench: (args: readonly string[]) => Promise<void>;
  };
  // A bench that is stopped ends what it started: those things listen to `exit`.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  await bench(args);
}
