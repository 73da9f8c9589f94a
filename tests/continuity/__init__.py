"""A chapter that is lost and comes back."""
