"""Do Hugging Face's tokenizers read the exported tokenizer.json as the training code does?

python -m training.measure.check_tokenizer CHECKPOINT
"""

import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ..model.tokenizer import get_tokenizer
from ..world.corpus import corpus

AWKWARD = [
    "caption en\n", "Hello, Wörld! 日本 ☃", "  two  spaces ", "<image><bos>detect red circle ; blue square\n",
    "a\tb", "unrelated words get split", "<loc0001>x<seg001>", "l'œuf d'or", "¿cuántos gatos hay?",
]  # fmt: skip


def main():
    ours = get_tokenizer()
    theirs = Tokenizer.from_file(str(Path(sys.argv[1]) / "tokenizer.json"))
    rng = np.random.default_rng(3)
    words = [w.replace("\u2581", " ") for w in corpus()]
    texts = AWKWARD + ["".join(rng.choice(words, rng.integers(1, 12))) for _ in range(1800)]
    different = [t for t in texts if theirs.encode(t, add_special_tokens=False).ids != ours.encode(t)]
    print(f"{len(texts)} texts, {len(different)} different", different[:5])
    raise SystemExit(bool(different))


if __name__ == "__main__":
    main()
