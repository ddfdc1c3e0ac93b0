"""The adapters of the telephony port."""
