"""Widgets that more than one page uses. Beside the pages, the only room that imports Streamlit."""
