"""What is asked about a scene, and the right answer."""
