"""Streamlit's own words inside its upload and camera fields, in the user's language.

These fields take no texts for their inner buttons and hints, so a style sheet hides those and shows ours. Where a
later Streamlit names its parts otherwise, its English words come back and nothing else happens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st


def relabel(texts: Mapping[str, str]) -> None:
    """Show each text in place of what stands inside the elements that its CSS selector finds."""
    rules = [
        f"{selector} {{ font-size: 0 !important }} {selector} > :not([role=progressbar]) {{ display: none }}"
        f" {selector}::after {{ content: {json.dumps(text, ensure_ascii=False)}; font-size: 0.875rem }}"
        for selector, text in texts.items()
    ]
    st.html(f"<style>{' '.join(rules)}</style>")
