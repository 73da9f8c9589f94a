"""Federation: the way in and out, keys, discovery, hostile senders."""
