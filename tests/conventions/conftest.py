"""Keras runs on torch here, which must be said before it is imported, and writes no settings into anybody's home."""

import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"
os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="keras-")
