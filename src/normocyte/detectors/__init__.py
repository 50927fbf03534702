"""This room turns pixels into maps of the unusual; it alone knows Keras and ONNX Runtime."""
