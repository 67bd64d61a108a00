"""The usual stack, as a good team would write it: FastAPI, SQLAlchemy's ORM, httpx.

It does what the floor does, and keeps legs as rows: a session for a request, one commit before the
wallet is called and one after, one client for all calls. It is imported by its own process alone.
"""

import asyncio
import hmac
import secrets
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Annotated

import httpx
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import ForeignKey, String
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from acca.bench.place_floor import Site

_POOL = 20


class _Row(DeclarativeBase):
    pass


class _Ticket(_Row):
    __tablename__: str = "peer_ticket"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    player: Mapped[str] = mapped_column()
    price: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column()
    legs: Mapped[list["_Leg"]] = relationship(cascade="all, delete-orphan")
    told: Mapped[list["_Told"]] = relationship(cascade="all, delete-orphan")


class _Leg(_Row):
    __tablename__: str = "peer_leg"

    ticket: Mapped[str] = mapped_column(ForeignKey("peer_ticket.id"), primary_key=True)
    event: Mapped[int] = mapped_column(primary_key=True)
    bet: Mapped[int] = mapped_column()
    odds: Mapped[str] = mapped_column()


class _Told(_Row):
    __tablename__: str = "peer_told"

    ticket: Mapped[str] = mapped_column(ForeignKey("peer_ticket.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column()


class _Picked(BaseModel):
    id: int
    bet: int
    odds: str | float


class _Wish(BaseModel):
    token: str
    price: int
    events: list[_Picked]


def serve_peer(site: Site, told: "Connection[int, None]") -> None:
    """Serve until the process is ended; tell the port."""
    asyncio.run(_serve(site, told))


async def _serve(site: Site, told: "Connection[int, None]") -> None:
    engine = create_async_engine(
        site.url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=_POOL
    )
    async with engine.begin() as connection:
        await connection.run_sync(_Row.metadata.create_all)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as door:
        config = uvicorn.Config(_app(site, engine), log_config=None, access_log=False)
        told.send(int(door.getsockname()[1]))
        await uvicorn.Server(config).serve([door])


def _app(site: Site, engine: AsyncEngine) -> FastAPI:
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    wallet = httpx.AsyncClient(limits=httpx.Limits(max_connections=200))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await wallet.aclose()

    app = FastAPI(lifespan=lifespan)

    async def call(body: dict[str, object]) -> dict[str, object]:
        answer = await wallet.post(site.wallet, json=body)
        _ = answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found

    @app.post("/be/tickets")
    async def create(
        request: Request,
        wish: _Wish,
        timestamp: Annotated[str, Header()],
        signature: Annotated[str, Header()],
    ) -> dict[str, object]:
        raw = await request.body()
        made = hmac.digest(site.key.encode(), timestamp.encode() + raw, "sha256").hex()
        if not hmac.compare_digest(made, signature):
            raise HTTPException(403)
        player = await call({"action": "identify", "data": {"token": wish.token}})
        legs = [_Leg(event=each.id, bet=each.bet, odds=str(each.odds)) for each in wish.events]
        ticket = _Ticket(
            id=f"{int(time.time()):08x}{secrets.token_hex(8)}",  # noqa: TID251 - not our engine
            player=str(player["player_id"]),
            price=wish.price,
            status="new",
            legs=legs,
            told=[_Told(n=1, what="ticket_create")],
        )
        async with sessions() as session:
            session.add(ticket)
            await session.commit()
            _ = await call({"action": "ticket_create", "data": {"ticket_id": ticket.id}})
            ticket.status = "open"
            ticket.told.append(_Told(n=2, what="confirm"))
            await session.commit()
        return {"id": ticket.id, "status": ticket.status, "price": ticket.price}

    return app
