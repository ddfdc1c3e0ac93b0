"""What a scanner reads: GS1 codes and our own."""
