#!/usr/bin/env node
// Plain JavaScript that any Node can read: it checks the version before a newer syntax could fail.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const commandsFolder = new URL('../dist/bundle/commands/', import.meta.url);
const mainFile = new URL('../dist/bundle/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: pali needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exitCode = 2;
} else if (!existsSync(mainFile)) {
  console.error('error: pali is not built yet.\n       run npm run build');
  process.exitCode = 2;
} else {
  const { main } = await import(mainFile.href);
  process.exitCode = await main(process.argv.slice(2), commandsFolder);
}
