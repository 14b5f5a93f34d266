"""tokenizer.json, special_tokens_map.json and tokenizer_config.json, as GemmaTokenizer's files look."""

import json
from pathlib import Path

from ..model.tokenizer import BOS, NEWLINE
from ..world.corpus import SPACE


def _added_tokens(tokenizer):
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [
        {"id": i, "content": token, **flags, "special": i < NEWLINE or token == "<image>"}
        for token, i in sorted(tokenizer.added.items(), key=lambda entry: entry[1])
    ]


def _template(sequence, type_id):
    return [{"SpecialToken": {"id": "<bos>", "type_id": type_id}}, {"Sequence": {"id": sequence, "type_id": type_id}}]


def _tokenizer_json(tokenizer):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added_tokens(tokenizer),
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": _template("A", 0),
            "pair": _template("A", 0) + _template("B", 1),
            "special_tokens": {"<bos>": {"id": "<bos>", "ids": [BOS], "tokens": ["<bos>"]}},
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": tokenizer.ids,
            "merges": [a + " " + b for a, b in tokenizer.merges],
        },
    }


def _special_tokens_map():
    def token(content):
        return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}

    named = {f"{name}_token": token(f"<{name}>") for name in ("bos", "eos", "pad", "unk")}
    return {"additional_special_tokens": [token("<image>")], **named}


def _tokenizer_config(tokenizer):
    fields = ("content", "lstrip", "normalized", "rstrip", "single_word", "special")
    return {
        "add_bos_token": True,
        "add_eos_token": False,
        "added_tokens_decoder": {str(t["id"]): {k: t[k] for k in fields} for t in _added_tokens(tokenizer)},
        "additional_special_tokens": ["<image>"],
        "bos_token": "<bos>",
        "clean_up_tokenization_spaces": False,
        "eos_token": "<eos>",
        "legacy": None,
        "model_max_length": 1000000000000000019884624838656,  # what transformers writes for 'no limit'
        "pad_token": "<pad>",
        "processor_class": "PaliGemmaProcessor",
        "sp_model_kwargs": {},
        "spaces_between_special_tokens": False,
        "tokenizer_class": "GemmaTokenizer",
        "unk_token": "<unk>",
        "use_default_system_prompt": False,
    }


def write_tokenizer_files(tokenizer, folder):
    """The first and the last have no line breaks: they are long."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    short = {"separators": (",", ":")}
    text = json.dumps(_tokenizer_json(tokenizer), ensure_ascii=False, **short)
    (folder / "tokenizer.json").write_text(text, "utf8")
    (folder / "special_tokens_map.json").write_text(json.dumps(_special_tokens_map(), indent=2))
    (folder / "tokenizer_config.json").write_text(json.dumps(_tokenizer_config(tokenizer), **short))
