"""Collecting what is owed: transfers matched to documents, credits kept, letters to who is late."""
