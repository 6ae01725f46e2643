"""Suites of questions through the product's own path, scored by pure functions, gated by thresholds and a baseline."""
