"""Real servers and small streams for the tests of adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import kms_server, postgres_server, s3_server, write_certificate

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.servers import KmsServer, PostgresServer, S3Server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def kms(tmp_path_factory: pytest.TempPathFactory) -> Generator[KmsServer]:
    with kms_server(tmp_path_factory.mktemp("kms")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Generator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "server.pem")
