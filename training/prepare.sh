#!/bin/sh
# Draws the emoji and collects the fonts that training needs: sh training/prepare.sh WORK
# Needs node and npm (for the drawings) and fontconfig (for the fonts).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/fonts"
work=$(cd "$1" && pwd)

(cd "$here/art" && npm install --no-audit --no-fund --no-package-lock)
node "$here/art/draw-art.mjs" "$work/png192" 192
node "$here/art/draw-art.mjs" "$work/png384" 384 noto noto-v1 fluent-emoji-flat fluent-emoji fxemoji twemoji openmoji

# Bold faces, so that a text of 14 pixels can be read. Those that the machine lacks are left out.
for font in DejaVuSans-Bold DejaVuSerif-Bold DejaVuSansMono-Bold LiberationSans-Bold LiberationSerif-Bold \
  LiberationMono-Bold LiberationSansNarrow-Bold Roboto-Bold RobotoCondensed-Bold ComicNeue-Bold Lato-Bold \
  OpenSans-Bold Quicksand-Bold Cantarell-Bold; do
  for file in $(fc-list --format '%{file}\n' | grep -E "/$font\.(ttf|otf)\$" | head -n 1); do
    cp "$file" "$work/fonts/"
  done
done
echo "$(ls "$work/png192" | wc -l) drawings, $(ls "$work/fonts" | wc -l) fonts in $work"
