"""Requests as people have them (CLI skeletons, pipelines, templates, plans), read into calls."""
