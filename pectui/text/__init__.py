"""What strangers wrote, made readable and safe."""
