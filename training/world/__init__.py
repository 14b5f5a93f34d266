"""What the pictures show: things, places and texts, and how they are drawn."""
