"""The pages: server-rendered, in Chinese and English, on a desk and on a phone."""
