"""How an identity is checked: documents, INS, doubt."""
