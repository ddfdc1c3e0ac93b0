"""Urgent requests, with an approver and a promised time."""
