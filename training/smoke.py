"""Does the recipe still run? A minute or two on a CPU, without network: python -m training.smoke [WORK]

Without WORK (prepare.sh makes it) a blot stands in for every drawing. Eight steps are trained, so the answers mean
nothing; what counts is that every stage takes what the one before it made.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from .world.classes import CLASSES, N_SHAPES

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf"  # npm ci brings them for pali's overlays
TINY = "--cpu --tiny --per-class 2 --texts 100 --grounds 25 --pictures 4 --codec-seconds 1 --picture-seconds 0".split()
TINY += "--max-steps 8 --check-prompts 2".split()


def _make_stand_ins(work):
    """A blot of its own colour for each class, and the fonts of pali."""
    for side in (192, 384):
        folder = work / f"png{side}"
        folder.mkdir(parents=True)
        for i, cls in enumerate(CLASSES[N_SHAPES:]):
            blot = Image.new("RGBA", (side, side))
            color = (40 + i * 53 % 200, 40 + i * 97 % 200, 40 + i * 31 % 200, 255)
            ImageDraw.Draw(blot).ellipse((side // 8, side // 4, side - side // 8, side - side // 4), fill=color)
            blot.save(folder / f"noto__{cls.name.replace(' ', '_')}__blot.png")
    (work / "fonts").mkdir()
    for font in FONTS.glob("DejaVuSans-Bold*.ttf"):
        shutil.copy(font, work / "fonts")


def _run(module, *arguments):
    print(f"\n$ python -m training.{module} {' '.join(map(str, arguments))}", flush=True)
    subprocess.run([sys.executable, "-m", f"training.{module}", *map(str, arguments)], cwd=ROOT, check=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if len(sys.argv) > 1:
            for name in ("png192", "png384", "fonts"):
                (work / name).symlink_to((Path(sys.argv[1]) / name).resolve())
        else:
            _make_stand_ins(work)
        _run("train", work, *TINY)
        _run("export", work)
        _run("measure.check_tokenizer", work / "checkpoint")
        _run("measure.check_checkpoint", work, "--prompts", 1)
        _run("measure.held_out", work, "--per-task", 1, "--tasks", "detect,segment,caption_en")
        _run("measure.several_pictures", work, "--per-count", 1)
    print("\nthe recipe runs")


if __name__ == "__main__":
    main()
