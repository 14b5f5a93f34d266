"""The tokenizer, the network, the mask codec and their losses."""
