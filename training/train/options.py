"""What a training run can be told."""

import argparse
import os
from pathlib import Path


def parse_options(argv=None):
    """--cpu turns off what only a GPU is fast enough for; single options can still be given."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Trains the demo model.")
    add = parser.add_argument
    add("work", type=Path, help="folder with png192/ and fonts/ (prepare.sh makes it); the run goes into work/run")
    add("--cpu", action="store_true", help="small batches, one worker, no compilation")
    add("--tiny", action="store_true", help="a network too small to learn anything, to see whether all runs")
    add("--seconds", type=float, default=1500, help="of training the model (default 1500)")
    add("--picture-seconds", type=float, default=90, help="of these, for the vision tower alone")
    add("--codec-seconds", type=float, default=60, help="of training the mask codec before")
    add("--codec", type=Path, help="a trained mask codec (.npz) instead")
    add("--start-from", type=Path, help="weights.pt of an earlier run")
    add("--per-class", type=int, default=600, help="sprites of each class in the bank")
    add("--texts", type=int, default=16000)
    add("--grounds", type=int, default=4000)
    add("--pictures", type=int, help="in a batch (256, on a CPU 12)")
    add("--workers", type=int, help="processes that draw scenes (one less than the cores, on a CPU 1)")
    add("--vision-rate", type=float, default=1.0e-3, help="peak learning rate of the vision tower")
    add("--text-rate", type=float, default=1.5e-3, help="peak learning rate of the rest")
    add("--dense-weight", type=float, default=1.0, help="of the losses on patches")
    add("--max-steps", type=int, default=0, help="stop earlier, 0 for never")
    add("--check-every", type=float, default=60, help="seconds between two checks on held-out scenes")
    add("--check-prompts", type=int, default=192)
    add("--seed", type=int, default=11)
    options = parser.parse_args(argv)
    options.pictures = options.pictures or (12 if options.cpu else 256)
    options.workers = options.workers or (1 if options.cpu else max(1, os.cpu_count() - 1))
    options.slots = 3 if options.cpu else 24
    options.out = options.work / "run"
    return options
