"""Mails to a person about the account: the invitation, and what an administrator changed."""
