"""The network on a picture: placeholder."""
