"""From trained weights to a checkpoint folder in the Hugging Face layout."""
