"""From pixels to a vector: manifests of networks, where they are kept, and the onnxruntime sessions that run them.

Everything a network needs (normalisation, pooling, projection, L2) lies inside its ONNX file, so that the only
contract is: uint8 pixels in, a unit vector out. Nothing here knows of files of photos, the catalog or the window.
"""
