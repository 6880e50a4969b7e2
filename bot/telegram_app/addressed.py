"""Which messages are meant for the bot, and what they ask."""

from __future__ import annotations

from telegram import Message, MessageEntity


def question_in(message: Message, bot_id: int, username: str) -> str | None:
    """The question to the bot, its mention left out; None if the message is not for the bot.

    In a private chat everything is; in a group what mentions the bot by an entity or replies
    to one of its messages. The words below a picture or a file count like a text.
    """
    text = words_of(message)
    entities = message.entities if message.text else message.caption_entities
    mentions = [entity for entity in entities if _names_bot(entity, text, bot_id, username)]
    if message.chat.type != "private" and not mentions and not _replies_to(message, bot_id):
        return None
    return " ".join(_without(text, mentions).split())


def words_of(message: Message) -> str:
    """What a message says: its text, or the caption of what it shows."""
    return message.text or message.caption or ""


def after_command(message: Message) -> str:
    """What stands behind the command that a message begins with."""
    return (message.text or "").partition(" ")[2].strip()


def _replies_to(message: Message, bot_id: int) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot_id


def _names_bot(entity: MessageEntity, text: str, bot_id: int, username: str) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot_id
    return (
        entity.type == MessageEntity.MENTION
        and _part(text, entity).lower() == f"@{username}".lower()
    )


def _part(text: str, entity: MessageEntity) -> str:
    """Entities count UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    return units[start:end].decode("utf-16-le", "replace")


def _without(text: str, entities: list[MessageEntity]) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda entity: -entity.offset):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    return units.decode("utf-16-le", "replace")
