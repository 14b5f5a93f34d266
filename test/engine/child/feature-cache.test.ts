import { describe, expect, it } from 'vitest';
import { FeatureCache, keyOfPixels } from '../../../src/engine/child/feature-cache.js';

const features = (values: number): Float32Array => new Float32Array(values);

describe('FeatureCache', () => {
  it('drops what was used longest ago when it is full', () => {
    const cache = new FeatureCache(100);
    cache.set('a', features(10));
    cache.set('b', features(10));
    cache.get('a');
    cache.set('c', features(10));
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toHaveLength(10);
    expect(cache.get('c')).toHaveLength(10);
    expect(cache.sizeBytes).toBe(80);
  });

  it('counts a key that is set again once', () => {
    const cache = new FeatureCache(100);
    cache.set('a', features(10));
    cache.set('a', features(5));
    expect(cache.sizeBytes).toBe(20);
    expect(cache.get('a')).toHaveLength(5);
  });

  it('does not keep what alone exceeds the limit, nor drop others for it', () => {
    const cache = new FeatureCache(100);
    cache.set('a', features(10));
    cache.set('b', features(26));
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toHaveLength(10);
  });
});

describe('keyOfPixels', () => {
  it('is the same for equal pixels only', () => {
    const data = Uint8Array.of(1, 2, 3);
    const key = keyOfPixels({ side: 1, data });
    expect(keyOfPixels({ side: 1, data: Uint8Array.of(1, 2, 3) })).toBe(key);
    expect(keyOfPixels({ side: 1, data: Uint8Array.of(1, 2, 4) })).not.toBe(key);
    expect(keyOfPixels({ side: 2, data })).not.toBe(key);
  });
});
