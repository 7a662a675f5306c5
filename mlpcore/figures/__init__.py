"""Pictures from plain arrays and tables: no Streamlit, no SQL."""
