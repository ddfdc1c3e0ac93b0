"""What telephone systems tell by signed HTTP requests."""
