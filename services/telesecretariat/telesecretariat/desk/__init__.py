"""The desk of a telesecretary as one snapshot."""
