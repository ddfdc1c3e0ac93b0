"""The ratios: what this house does against the physical limit of the machine it runs on, in one run (`make bench`)."""
