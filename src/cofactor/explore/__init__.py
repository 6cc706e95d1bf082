"""A local page to explore exposure, modifier and outcome."""
