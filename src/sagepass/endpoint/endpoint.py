"""The endpoint as a whole: state, gate and server, started and stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer

from sagepass.endpoint.answers.trail import Trail
from sagepass.endpoint.federation import Federation
from sagepass.endpoint.gate import Gate
from sagepass.endpoint.gate_options import GateOptions, Ids, Mode
from sagepass.endpoint.identity import KeyRing, RootKey
from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.local_pages import LocalPages
from sagepass.endpoint.log_of_calls import LogOfCalls
from sagepass.endpoint.moto_adapter.application import Emulation
from sagepass.endpoint.private_ca import PrivateCa
from sagepass.endpoint.recorded import Recorded
from sagepass.endpoint.seed import sow
from sagepass.endpoint.server import serve_on
from sagepass.endpoint.sessions import Session, SessionKind, Sessions, fresh_key
from sagepass.endpoint.store import Store
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.snapshot.snapshot import Snapshot

HOST = "127.0.0.1"
_ONE = threading.Lock()
_LIFE = timedelta(hours=12)


class EndpointError(Exception):
    """The endpoint cannot be started; the message is for people, ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key as clients take it; ``token`` only for temporary ones."""

    access_key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def for_boto3(self) -> dict[str, str | None]:
        """The keyword arguments of a boto3 client or session."""
        return {
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret,
            "aws_session_token": self.token,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How an endpoint is started.

    Attributes:
        seed: accounts, policies and resources to begin with.
        mode: what a decision leads to.
        ids: which denials carry an authorization id.
        port: 0 takes a free one.
        proxy: whether clients may reach AWS's own names through it, as an HTTPS proxy.
        state: a folder in which authorization state outlives the process.
        trail: a folder to which every decided call is written, as CloudTrail writes its log files.
        root_keys: whether the root user of each account gets an access key.
        account: the account that exists without a seed.
        federation: keys of identity providers.
        say: where one line for each refused call goes.
        broke: told of an error in sagepass itself.
    """

    seed: Snapshot | None = None
    mode: Mode = Mode.ENFORCE
    ids: Ids = Ids.ALL
    port: int = 0
    proxy: bool = False
    state: Path | None = None
    trail: Path | None = None
    root_keys: bool = True
    account: str = "123456789012"
    federation: Federation = field(default_factory=Federation)
    say: Callable[[Recorded, str], None] = lambda _call, _reason: None
    broke: Callable[[Exception], None] = lambda _error: None


class Endpoint:
    """A running endpoint on the loopback. One runs in a process at a time, since the emulation keeps its state there."""

    def __init__(self, setup: Setup | None = None) -> None:
        """Start it.

        Raises:
            EndpointError: another one runs in this process, or the port is taken.
            StoreError: the state folder cannot be used.
        """
        setup = setup or Setup()
        if not _ONE.acquire(blocking=False):
            raise EndpointError("an endpoint runs in this process already", "stop it first, or start a second process")
        try:
            self._begin(setup)
        except BaseException:
            _ONE.release()
            raise

    def _begin(self, setup: Setup) -> None:
        self.setup = setup
        self.emulation = Emulation()
        self.sessions = Sessions()
        self.state = LiveState(setup.seed, default_account=setup.account)
        self.store = Store(setup.state, self.state, self.sessions) if setup.state is not None else None
        self.lost: tuple[str, ...] = ()
        if self.store is not None and self.store.has_state:
            self.lost = self.store.load()
        elif setup.seed is not None:
            sow(setup.seed, self.state)
        self.state.changed()
        roots = self._roots(setup)
        self.root_keys = {
            root.account: Credentials(access_key_id=root.access_key_id, secret=root.secret) for root in roots
        }
        self.log = LogOfCalls()
        self.authority = PrivateCa(setup.state / "tls" if setup.state else None) if setup.proxy else None
        if self.store is not None:
            self.store.commit()
        self.gate = Gate(
            emulation=self.emulation,
            state=self.state,
            keys=KeyRing(self.state, self.sessions, roots),
            sessions=self.sessions,
            pages=LocalPages(state=self.state, log=self.log, sessions=self.sessions),
            options=GateOptions(
                mode=setup.mode,
                ids=setup.ids,
                account=setup.account,
                say=setup.say,
                recorded=Trail(setup.trail).write if setup.trail is not None else lambda _call: None,
                broke=setup.broke,
                committed=self.store.commit if self.store is not None else lambda: None,
            ),
            federation=setup.federation,
            log=self.log,
        )
        try:
            self.server: BaseWSGIServer = serve_on(HOST, setup.port, self.gate, self.authority)
        except OSError as error:
            raise EndpointError(
                f"port {setup.port} cannot be used: {error.strerror}", "give another one with --port"
            ) from error
        self._thread = threading.Thread(target=self.server.serve_forever, name="sagepass-endpoint", daemon=True)
        self._thread.start()

    def _roots(self, setup: Setup) -> tuple[RootKey, ...]:
        if not setup.root_keys:
            return ()
        made = ((account, fresh_key("AKIA")) for account in self.state.accounts())
        return tuple(
            RootKey(access_key_id=key.access_key_id, secret=key.secret, account=account) for account, key in made
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.port)

    @property
    def url(self) -> str:
        """What ``AWS_ENDPOINT_URL`` is set to."""
        return f"http://{HOST}:{self.port}"

    def credentials_of(self, principal: str) -> Credentials:
        """Credentials of a user, a role, or an account's root user, without asking any policy.

        Raises:
            EndpointError: there is no such principal.
        """
        caller = parse_caller(principal)
        if caller.kind is CallerKind.ROOT and caller.account in self.root_keys:
            return self.root_keys[caller.account]
        record = self.state.snapshot().principal(principal)
        if record is None:
            raise EndpointError(f"there is no {principal}", "create it first, or give a seed that has it")
        if caller.kind is CallerKind.USER:
            return self._user_key(record.account, record.name)
        now = datetime.now(UTC)
        key = fresh_key()
        name = caller.session_name or "sagepass"
        self.sessions.add(
            Session(
                kind=SessionKind.ASSUMED_ROLE,
                access_key_id=key.access_key_id,
                secret=key.secret,
                token=key.token,
                arn=f"arn:{record.arn.split(':')[1]}:sts::{record.account}:assumed-role/{record.name}/{name}",
                account=record.account,
                user_id=f"{record.unique_id}:{name}",
                issued=now,
                expires=now + _LIFE,
            )
        )
        return Credentials(access_key_id=key.access_key_id, secret=key.secret, token=key.token)

    def _user_key(self, account: str, name: str) -> Credentials:
        from sagepass.endpoint.moto_adapter.identities import new_user_key  # noqa: PLC0415 - only tests and fixtures ask

        with self.state.changing:
            made = new_user_key(account, name)
            self.state.changed()
            if self.store is not None:
                self.store.commit()
        return Credentials(access_key_id=made.access_key_id, secret=made.secret)

    def stop(self) -> None:
        """Stop it; the state folder, if there is one, is complete."""
        self.server.shutdown()
        self._thread.join(timeout=10)
        self.server.server_close()
        if self.store is not None:
            self.store.close()
        self.emulation.close()
        if self.authority is not None:
            self.authority.close()
        _ONE.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
