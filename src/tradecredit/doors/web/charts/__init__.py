"""Pictures drawn on the server: SVG with a caption that states the finding, and a table twin."""
