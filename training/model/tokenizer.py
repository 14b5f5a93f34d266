"""A small BPE tokenizer in the shape of Gemma's: byte fallback, '\u2581' for the space, loc, seg and image tokens at the end."""

import functools
import re
from collections import Counter

from ..world.corpus import SPACE, corpus

PAD, EOS, BOS, UNK = 0, 1, 2, 3
NEWLINE = 4
FIRST_BYTE = 5
N_LOC, N_SEG = 1024, 128
_NO_MERGE = 1 << 30
_SPECIAL = re.compile("(<loc[0-9]{4}>|<seg[0-9]{3}>|<image>|<pad>|<eos>|<bos>|<unk>|\n)")


def _merge(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out


def train_merges(words):
    """Plain BPE, every word counted once, until each word is a single token."""
    words = [list(w) for w in words]
    merges = []
    while True:
        pairs = Counter(pair for w in words for pair in zip(w, w[1:]))
        if not pairs:
            return merges
        best = max(pairs.items(), key=lambda entry: (entry[1], entry[0]))[0]
        merges.append(best)
        words = [_merge(w, best) for w in words]


class Tokenizer:
    """loc0, seg0, image: the first ids of these; size: how many tokens; rows: size rounded up to 64, as the table has."""

    def __init__(self):
        words = corpus()
        self.merges = train_merges(words)
        vocabulary = ["<pad>", "<eos>", "<bos>", "<unk>", "\n"] + ["<0x%02X>" % i for i in range(256)]
        vocabulary += sorted({chr(i) for i in range(33, 127)} | {SPACE} | {c for w in words for c in w})
        known = set(vocabulary)
        for a, b in self.merges:
            if a + b not in known:
                known.add(a + b)
                vocabulary.append(a + b)
        self.ids = {token: i for i, token in enumerate(vocabulary)}
        self.loc0 = len(vocabulary)
        self.seg0 = self.loc0 + N_LOC
        self.image = self.seg0 + N_SEG
        self.size = self.image + 1
        self.rows = (self.size + 63) // 64 * 64
        self.tokens = vocabulary + ["<loc%04d>" % i for i in range(N_LOC)] + ["<seg%03d>" % i for i in range(N_SEG)]
        self.tokens.append("<image>")
        self.added = {t: i for i, t in enumerate(self.tokens) if i < FIRST_BYTE or i >= self.loc0}
        self._ranks = {pair: i for i, pair in enumerate(self.merges)}
        self._encode_word = functools.cache(self._merge_word)

    def _merge_word(self, word):
        symbols = []
        for c in word:
            symbols += [c] if c in self.ids else ["<0x%02X>" % b for b in c.encode()]
        while len(symbols) > 1:
            rank, i = min((self._ranks.get(pair, _NO_MERGE), i) for i, pair in enumerate(zip(symbols, symbols[1:])))
            if rank == _NO_MERGE:
                break
            symbols[i : i + 2] = [symbols[i] + symbols[i + 1]]
        return tuple(self.ids[s] for s in symbols)

    def encode(self, text):
        """Ids without <bos>."""
        out = []
        for part in _SPECIAL.split(text):
            if part in self.added:
                out.append(self.added[part])
                continue
            for word in re.findall(f"{SPACE}?[^{SPACE}]*", part.replace(" ", SPACE)):
                if word:
                    out += self._encode_word(word)
        return out

    def encode_prompt(self, prompt):
        """<bos>, the prompt, the newline that ends it."""
        return [BOS] + self.encode(prompt) + [NEWLINE]

    def decode(self, ids):
        """Fuses byte tokens; <pad>, <eos>, <bos> and <unk> are left out, loc and seg tokens stay."""
        text, pending = "", b""
        for i in ids:
            if FIRST_BYTE <= i < FIRST_BYTE + 256:
                pending += bytes([i - FIRST_BYTE])
                continue
            text += pending.decode("utf-8", "replace")
            pending = b""
            if NEWLINE <= i < self.size:
                text += self.tokens[i]
        return (text + pending.decode("utf-8", "replace")).replace(SPACE, " ")

    def decode_answer(self, ids):
        """Up to <eos>."""
        ids = list(ids)
        return self.decode(ids[: ids.index(EOS)] if EOS in ids else ids)


@functools.cache
def get_tokenizer():
    return Tokenizer()
