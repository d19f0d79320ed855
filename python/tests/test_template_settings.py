"""The addresses that settings name, and those that they stand for."""

from __future__ import annotations

from typing import Optional

import pytest

from connect_handlers.template.settings import Settings

KEYS = {
    "https://api.example/v1": "Key",
    "https://api.example/v1/tenants/": "Tenant-Key",
    "https://other.example": "Other-Key",
}


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://api.example/v1", "Key"),
        ("https://API.example:443/v1/?page=2", "Key"),
        ("https://api.example/v1/users/7", "Key"),
        ("https://api.example/v1/tenants", "Tenant-Key"),
        ("https://api.example/v1/tenants/7/enable", "Tenant-Key"),
        ("https://other.example/any/thing", "Other-Key"),
        ("https://other.example", "Other-Key"),
        ("https://api.example", None),
        ("https://api.example/v2/tenants", None),
        ("https://api.example/v10", None),
        ("https://api.example/x/v1", None),
        ("https://api.example/v1/../v2", None),
        ("https://api.example/v1/%2E%2e/v2", None),
        ("http://api.example/v1", None),
        ("https://api.example:8443/v1", None),
    ],
)
def test_keys_are_for_what_is_below_the_address_that_they_are_declared_for(
    url: str, header: Optional[str]
) -> None:
    assert Settings(keys=KEYS).key_header(url) == header


def test_a_login_is_one_address_and_nothing_below_it() -> None:
    settings = Settings(logins=("https://api.example/token",))
    assert settings.is_login("https://api.example/token/")
    assert not settings.is_login("https://api.example/token/revoke")
    assert not settings.is_login("https://api.example")
