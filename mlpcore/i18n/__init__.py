"""Texts in the language of the user: messages that carry their values, and the catalogues that translate them."""
