import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/base/files/file-lock.js';
import { fixturePath } from '../../fixtures/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const pictures = join(folder, 'pictures');
mkdirSync(pictures);
copyFileSync(fixturePath('golden', 'p00_png_224x224.png'), join(pictures, 'cups.png'));
const args = [resolve('bin/pali.js'), 'mcp', pictures];
const env = { PATH: process.env['PATH'] ?? '', PALI_HOME: join(folder, 'home'), HOME: folder };

interface Content {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
  readonly uri?: string;
}

/** What is left of a call's result that the tests look at. */
interface Called {
  readonly content: readonly Content[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

describe.each(['legacy', 'auto'] as const)('with a client that speaks %s', (mode) => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: 'pipe' });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  beforeAll(() => client.connect(transport));
  afterAll(() => client.close());
  const call = async (name: string, given: Record<string, unknown>): Promise<Called> =>
    (await client.callTool({ name, arguments: given }, { timeout: 200_000 })) as Called;

  it('lists tools that say what they are', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'caption',
      'answer',
      'read_text',
      'detect',
      'segment',
      'look',
    ]);
    for (const { title, description, inputSchema, annotations } of tools) {
      expect(title).toBeTruthy();
      expect(description).toBeTruthy();
      expect(annotations?.readOnlyHint).toBe(true);
      expect(inputSchema.type).toBe('object');
      expect(inputSchema.required).toContain('image');
    }
  });

  it('answers in words', async () => {
    const caption = await call('caption', { image: 'cups.png' });
    expect(caption).toMatchObject({
      content: [{ type: 'text', text: 'two cups' }],
      structuredContent: { text: 'two cups', truncated: false },
    });
    const bytes = readFileSync(join(pictures, 'cups.png')).toString('base64');
    const answer = await call('answer', {
      image: `data:image/png;base64,${bytes}`,
      question: 'what is in the picture?',
    });
    expect(answer.content[0].text).toMatch(/cup/);
  });

  it('finds objects, outlines them and shows them', async () => {
    const found = await call('detect', { image: join(pictures, 'cups.png'), things: 'cup' });
    expect(found.structuredContent).toMatchObject({ picture: { width: 224, height: 224 }, found: 2 });
    expect(found.content[0].text).toMatch(/^label\tscore.*\ncup\t1\t\d+\t\d+\t\d+\t\d+\n/);
    const { content } = await call('segment', { image: 'cups.png', things: 'cup' });
    const links = content.filter(({ type }) => type === 'resource_link');
    expect(links).toHaveLength(2);
    expect(readFileSync(fileURLToPath(links[0].uri!)).subarray(1, 4).toString()).toBe('PNG');
    expect(JSON.stringify(content).length).toBeLessThan(2000);
    const seen = await call('look', { image: 'cups.png', things: 'cup' });
    expect(seen.content[0]).toMatchObject({ type: 'image', mimeType: 'image/jpeg' });
    const plain = await call('look', { image: 'cups.png' });
    expect(plain.content[0].data).not.toBe(seen.content[0].data);
  });

  it('tells of tokens where the client asks for that', async () => {
    const told: number[] = [];
    const onprogress = ({ progress }: { readonly progress: number }): void => void told.push(progress);
    await client.callTool(
      { name: 'caption', arguments: { image: 'cups.png', length: 'long' } },
      { onprogress },
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it.each([
    ['caption', { image: '/etc/passwd' }, /not below a folder/],
    ['caption', { image: '../home/x.png' }, /not below a folder/],
    ['caption', { image: 'none.png' }, /no file/],
    ['caption', { image: 'http://127.0.0.1:1/a.png' }, /address of this machine/],
    ['caption', { image: `data:image/png;base64,${'A'.repeat(2_000_000)}` }, /not a picture/],
    ['caption', { image: 'cups.png', language: 'xx' }, /language/],
    ['caption', { image: 'cups.png', colour: 'red' }, /colour|key/i],
    ['detect', { image: 'cups.png' }, /things/],
    ['detect', { image: 'cups.png', things: ' ; ' }, /./],
    ['caption', {}, /image/],
  ])('refuses %s of %j, and goes on', async (name, given, why) => {
    const said = await call(name, given).then(
      ({ content, isError }) => (isError === true ? content[0].text! : ''),
      (error: unknown) => String(error),
    );
    expect(said).toMatch(why);
    expect((await call('read_text', { image: 'cups.png' })).isError).not.toBe(true);
  });

  it('ends when the client leaves, and takes its temporary files with it', async () => {
    const { content } = await call('segment', { image: 'cups.png', things: 'cup' });
    const path = fileURLToPath(content.find(({ type }) => type === 'resource_link')!.uri!);
    const { pid } = transport;
    await client.close();
    await expect.poll(() => isRunning(pid!)).toBe(false);
    expect(existsSync(path)).toBe(false);
    // The demo model was prepared by one of them.
    expect(stderr.replace(/^note: preparing the demo model.*\n/, '')).toBe('');
  });
});

it('says nothing on stdout but messages, whatever comes in, and goes on', async () => {
  const child = spawn(process.execPath, args, { env, stdio: 'pipe' });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.resume();
  const rubbish = ['', 'GET / HTTP/1.1', '{', '[]', 'null', '{"jsonrpc":"2.0"}', '\u0000\u0001', '{"id":1}'];
  child.stdin.write(`${rubbish.join('\n')}\n`);
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'initialize', params })}\n`);
  await expect.poll(() => stdout, { timeout: 30_000 }).toContain('"id":7');
  for (const line of stdout.trim().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  }
  child.stdin.end();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
});
