"""Re-creates the trained weights that ship with qa. Run from a checkout; no part of the wheel."""
