"""Known numbers: professionals who are served a little earlier, numbers that are barred."""
