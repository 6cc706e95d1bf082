"""Progress bars on long work, in a terminal and in a notebook."""
