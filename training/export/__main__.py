"""python -m training.export WORK: writes work/checkpoint in the Hugging Face layout, in float16."""

import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from ..model.tokenizer import get_tokenizer
from ..train.weights import load_network
from .config_files import write_config_files
from .tensors import name_tensors
from .tokenizer_files import write_tokenizer_files


def export_checkpoint(net, mask_codec_file, folder):
    """folder is made; files in it are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: t.detach().half().contiguous().clone() for name, t in name_tensors(net).items()}
    broken = [name for name, t in tensors.items() if not torch.isfinite(t).all()]
    if broken:
        raise SystemExit(f"not finite in float16: {', '.join(broken)}")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    write_config_files(net.config, get_tokenizer(), folder)
    write_tokenizer_files(get_tokenizer(), folder)
    shutil.copy(mask_codec_file, folder / "vae.npz")
    return sum(t.numel() for t in tensors.values())


def main():
    work = Path(sys.argv[1])
    n = export_checkpoint(load_network(work / "run" / "weights.pt"), work / "run" / "vae.npz", work / "checkpoint")
    print(f"{n} parameters in {work / 'checkpoint'}")


if __name__ == "__main__":
    main()
