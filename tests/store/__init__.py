"""The store: units of work, what arrives, and migrations on databases that are not empty."""
