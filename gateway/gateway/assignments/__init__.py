"""Who answers for which client, as the telesecretariat service last told it."""
