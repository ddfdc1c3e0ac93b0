"""Agents as their employer sets them up: label of the post, skills, telephone."""
