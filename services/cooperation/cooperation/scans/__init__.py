"""What devices read: batches, codes, what is to settle, what is blocked."""
