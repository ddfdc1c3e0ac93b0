"""Patient pages under /rdv: plain forms over the same use cases as the API."""
