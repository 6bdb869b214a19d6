"""The tables of the conversation log, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value  # type: ignore[no-any-return]
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


# SQLite numbers rows by itself only in an INTEGER primary key.
RowId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True)
PENDING = ("received", "processing")

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("mode", String(8), nullable=False, server_default="bot"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("next_seq", Integer, nullable=False, server_default="1"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    # Where a messenger's customer is reached: the business's account there, and the customer's id for it.
    Column("account", String(64)),
    Column("address", String(64)),
    Column("last_inbound_at", UtcDateTime),
    # Who of the staff has it, and who waits for them since when.
    Column("owner", String(64)),
    Column("owner_name", String(80)),
    Column("priority", String(16)),
    Column("waiting_since", UtcDateTime),
    Column("rating", Integer),
    Column("rating_reason", Text),
    # The page of a website on which it began.
    Column("page", String(300)),
    # Up to which message the customer has read on the website, and since when.
    Column("read_seq", Integer, nullable=False, server_default="0"),
    Column("read_at", UtcDateTime),
    Index("ix_conversations_mode", "mode"),
    Index("ix_conversations_address", "channel", "account", "address"),
)

# `id` orders everything in a conversation; `seq` numbers, without gaps, what the customer sees. Drafts and the
# hidden welcome request have no seq.
messages = Table(
    "messages",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation", String(128), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer),
    Column("author", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("payload", Text),
    Column("buttons", Json),
    Column("card", Json),
    Column("progress", Json),
    # Files of this message: [{"id", "name", "type", "size", "state"}], of the table `attachments`.
    Column("attachments", Json),
    # The name under which a member of staff speaks.
    Column("staff_name", String(80)),
    # What the engine made of a customer's message: intent, confidence, ranking, entities.
    Column("understood", Json),
    Column("at", UtcDateTime, nullable=False),
    Column("direction", String(3), nullable=False),
    Column("channel_message_id", String(255)),
    Column("state", String(10)),
    Column("turn_epoch", Integer),
    Column("reply_to", RowId),
    Column("draft", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("conversation", "seq", name="uq_messages_seq"),
    UniqueConstraint("conversation", "channel_message_id", name="uq_messages_channel_message_id"),
    Index("ix_messages_conversation", "conversation", "id"),
    Index(
        "ix_messages_pending",
        "conversation",
        sqlite_where=text("state IN ('received', 'processing')"),
        postgresql_where=text("state IN ('received', 'processing')"),
    ),
)

handover_requests = Table(
    "handover_requests",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation", String(128), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("priority", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    # What a member of staff needs to know, made from facts of the dialogue.
    Column("summary", Json),
    Index("ix_handover_requests_conversation", "conversation"),
)

# A file a customer gave, until the claims backend has it and after: `waiting` to be brought there, `kept`, `refused`
# (`error` says why), or `lost`. Its bytes are kept beside the database only while it waits. A file of staff is `given`
# and its bytes stay, for the customer to fetch.
attachments = Table(
    "attachments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation", String(128), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("message", RowId),
    Column("name", String(160), nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", BigInteger),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("error", String(64)),
    Column("evidence", String(64)),
    # What a messenger tells us to fetch: the id or address of the media.
    Column("source", Text),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attachments_conversation", "conversation"),
    Index("ix_attachments_state", "state"),
)

# Everything that happens gets a number, for whoever looks on; kept for a day. The counter is one row.
change_counter = Table("change_counter", metadata, Column("number", BigInteger, nullable=False))
changes = Table(
    "changes",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("conversation", String(128)),
    Column("at", UtcDateTime, nullable=False),
    Column("data", Json),
    Index("ix_changes_at", "at"),
)
