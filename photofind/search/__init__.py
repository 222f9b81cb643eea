"""Answers queries: the vector index and the fusion of pictures, words and filters."""
