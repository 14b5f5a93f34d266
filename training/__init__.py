"""How pali's demo model was made: see README.md."""
