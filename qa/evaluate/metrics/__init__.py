"""Metrics: pure functions of a case and of what the product returned, one module a group. None of them asks a
model, none imports ``qa.answer``."""
