"""This package turns pixels into maps of the unusual; only this one uses Keras and ONNX Runtime."""
