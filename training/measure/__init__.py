"""How good the model is on scenes it never saw."""
