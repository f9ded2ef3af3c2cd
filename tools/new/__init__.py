"""Skeletons of what the book has many of; each passes every test from its first minute.

Each kind is one module here with `write(name, root)`, which makes the files and gives the paths, the main one first.
"""
