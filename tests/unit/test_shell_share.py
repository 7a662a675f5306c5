"""Links to share: which address others can open, and their QR codes."""

from __future__ import annotations

import pytest

from mlpcore.ui.shell.share import link_for_others, network_address, qr_code

QUERY = "?dataset=mnist&hidden=128-relu-0.2,64-tanh&lang=ja"


@pytest.mark.parametrize(
    ("url", "server", "network", "others"),
    [
        (f"http://localhost:8501/{QUERY}", None, "10.0.0.7", f"http://10.0.0.7:8501/{QUERY}"),
        (f"http://[::1]:8501/lab/{QUERY}", "0.0.0.0", "10.0.0.7", f"http://10.0.0.7:8501/lab/{QUERY}"),
        ("http://127.0.0.1/", None, "10.0.0.7", "http://10.0.0.7/"),
        ("http://localhost:8501/", "127.0.0.1", "10.0.0.7", None),
        ("http://localhost:8501/", None, None, None),
        (f"https://lab.example/{QUERY}", None, None, f"https://lab.example/{QUERY}"),
        (f"http://10.0.0.7:8501/{QUERY}", "10.0.0.7", "10.0.0.7", f"http://10.0.0.7:8501/{QUERY}"),
    ],
)
def test_a_link_to_the_own_machine_names_its_network_address(
    url: str, server: str | None, network: str | None, others: str | None
) -> None:
    assert link_for_others(url, server, network) == others


def test_the_address_in_the_network_is_never_the_machine_itself() -> None:
    assert network_address() not in ("127.0.0.1", "::1", "localhost", "0.0.0.0")


def test_a_qr_code_is_dark_on_light_and_depends_on_the_link() -> None:
    code = qr_code(f"http://10.0.0.7:8501/{QUERY}")

    assert code.startswith("data:image/svg+xml")
    assert "%23000" in code
    assert "%23fff" in code
    assert code != qr_code("http://10.0.0.7:8501/")
