"""Live pictures from devices, network cameras, and files played as if they were live."""
