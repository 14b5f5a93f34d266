#!/bin/sh
# From nothing to a measured checkpoint: sh training/make.sh WORK [options of python -m training.train]
#   on a GPU:  sh training/make.sh work
#   on a CPU:  sh training/make.sh work --cpu
set -eu
work=$1
shift
cd "$(dirname "$0")/.."
sh training/prepare.sh "$work"
python3 -m training.train "$work" "$@"
python3 -m training.export "$work"
python3 -m training.measure.check_tokenizer "$work/checkpoint"
python3 -m training.measure.check_checkpoint "$work"
python3 -m training.measure.held_out "$work"
python3 -m training.measure.several_pictures "$work"
python3 -m training.fixtures.golden "$work"
python3 -m training.fixtures.gallery "$work"
python3 -m training.fixtures.video "$work"
