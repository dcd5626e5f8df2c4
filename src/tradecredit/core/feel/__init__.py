"""FEEL, the expression language of the policies: text in, a compiled expression out, values as exact decimals."""
