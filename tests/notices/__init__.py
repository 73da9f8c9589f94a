"""What members are told, and where it reaches them."""
