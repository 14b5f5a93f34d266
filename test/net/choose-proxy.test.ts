import { expect, it } from 'vitest';
import { chooseProxy } from '../../src/net/choose-proxy.js';

const settings = { httpProxy: 'http://one:1', httpsProxy: 'http://two:2' };
const choose = (host: string, noProxy?: string, port = 443): string | undefined =>
  chooseProxy({ protocol: 'https', host, port }, noProxy === undefined ? settings : { ...settings, noProxy })
    ?.host;

it('takes the proxy of the scheme, and none where none is named', () => {
  expect(choose('a.org')).toBe('two:2');
  expect(chooseProxy({ protocol: 'http', host: 'a.org', port: 80 }, settings)?.host).toBe('one:1');
  expect(chooseProxy({ protocol: 'http', host: 'a.org', port: 80 }, { httpsProxy: 'http://two:2' })).toBe(
    undefined,
  );
  expect(chooseProxy({ protocol: 'http', host: 'a.org', port: 80 }, undefined)).toBe(undefined);
});

it.each([
  ['a.org', 'a.org', false],
  ['A.org', 'b.org,a.ORG', false],
  ['x.a.org', 'a.org', false],
  ['x.a.org', '.a.org', false],
  ['x.a.org', '*.a.org', false],
  ['a.org', '*', false],
  ['a.org', 'b.org a.org:443', false],
  ['::1', '[::1]', false],
  ['a.org', 'a.org:80', true],
  ['ba.org', 'a.org', true],
  ['a.org', 'x.a.org', true],
  ['a.org', ', ,', true],
])('%s with NO_PROXY=%s', (host, noProxy, isProxied) => {
  expect(choose(host, noProxy)).toBe(isProxied ? 'two:2' : undefined);
});
