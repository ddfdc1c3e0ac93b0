"""Expected identities: registered before the first visit, so that whoever proves one gets the role."""
