"""The databases of a fault run: made, copied, put back, crashed."""

import os
import signal
import sqlite3
from pathlib import Path

import psycopg


class SQLite:
    def __init__(self, folder: Path):
        self._file, self._copy = folder / "payom.sqlite3", folder / "backup.sqlite3"
        self.url = f"sqlite:///{self._file}"

    def back_up(self) -> None:
        self._copy.unlink(missing_ok=True)
        with sqlite3.connect(self._file) as source, sqlite3.connect(self._copy) as target:
            source.backup(target)
        source.close()
        target.close()

    def restore(self) -> None:
        """As people do: the old file in the place of the new one, and nothing of the new one left beside it."""
        for name in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + name).unlink(missing_ok=True)
        self._file.write_bytes(self._copy.read_bytes())

    def crash(self) -> None:
        """There is no server to crash."""

    def room_for(self, more: int) -> int:
        """How long a file may grow so that the disk is full after so many bytes more."""
        wal = self._file.with_name(f"{self._file.name}-wal")
        return (wal.stat().st_size if wal.exists() else 0) + more


class PostgreSQL:
    def __init__(self, server_url: str):
        self._host = server_url.partition("host=")[2]
        self.url = server_url.replace("/postgres?", "/payom?")
        self._do("CREATE DATABASE payom")

    def back_up(self) -> None:
        self._do("DROP DATABASE IF EXISTS backup WITH (FORCE)")
        self._forget_lines()
        self._do("CREATE DATABASE backup TEMPLATE payom")

    def restore(self) -> None:
        self._do("DROP DATABASE payom WITH (FORCE)")
        self._do("CREATE DATABASE payom TEMPLATE backup")

    def crash(self) -> None:
        """One of its processes dies, so the server throws everybody out and recovers from its log."""
        with self._connect() as connection:
            row = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'payom' LIMIT 1").fetchone()
        if row:
            os.kill(row[0], signal.SIGKILL)

    def room_for(self, more: int) -> int:
        """Its files are the server's; ours on that disk is the note of the clock alone."""
        return 0

    def _forget_lines(self) -> None:
        self._do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'payom'")

    def _do(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=self._host, user="postgres", dbname="postgres", autocommit=True)
