"""How results show themselves in a notebook: accessible tables in HTML, escaped."""
