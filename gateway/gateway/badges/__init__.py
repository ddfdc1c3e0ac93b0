"""Badge and PIN at shared posts: two seconds, gloves on."""
