"""What people read: in the catalogs, and in their own language."""
