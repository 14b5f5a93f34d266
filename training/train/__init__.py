"""Batches, the training loops and the check that runs beside them."""
