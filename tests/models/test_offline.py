import os
import socket

import pytest

from qa.errors import OfflineError
from qa.models.offline import forbid_network, is_loopback


def test_no_connection_leaves_the_machine_while_the_switch_is_on():
    with forbid_network(), socket.socket() as sock:
        with pytest.raises(OfflineError, match=r"192\.0\.2\.1"):
            sock.connect(("192.0.2.1", 80))
        with pytest.raises(OfflineError):
            sock.connect_ex(("192.0.2.1", 80))
    with forbid_network(), socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(OfflineError):
        sock.sendto(b"x", ("192.0.2.1", 53))


def test_no_name_is_looked_up():
    with forbid_network(), pytest.raises(OfflineError, match=r"example\.org"):
        socket.create_connection(("example.org", 443))


def test_this_machine_can_still_be_reached():
    with (
        forbid_network(),
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_the_switch_goes_off_again_and_restores_the_environment(monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    with forbid_network(), forbid_network():
        assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in os.environ
    assert os.environ["TRANSFORMERS_OFFLINE"] == "0"
    with socket.socket() as sock:
        sock.settimeout(0)
        assert sock.connect_ex(("192.0.2.1", 80)) != 0


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.8.8.8", "::1", "[::1]"])
def test_what_is_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "example.org", "localhost.example.org", "127.0.0.1.example.org", "0.0.0.0", "169.254.169.254"]
)
def test_what_is_not(host):
    assert not is_loopback(host)
