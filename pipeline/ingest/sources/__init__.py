"""Where releases come from: the embedded sample, a folder or a web server."""
