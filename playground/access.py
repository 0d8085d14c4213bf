"""What a bot may reach and do: every refusal that depends on its place in a chat."""

from playground.bots import Bot
from playground.chats import Chat, Message
from playground.errors import BadRequest, Forbidden
from playground.members import Member
from playground.people import Person
from playground.world import World

DELETABLE_SECONDS = 48 * 3600
_KINDS = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def find_chat(world: World, bot: Bot, chat_id: int | str) -> Chat:
    """Return a chat that the bot may look at; raises as Telegram does for others."""
    if isinstance(chat_id, str):
        return _inside(world, bot, world.public_chat(chat_id))
    if chat_id > 0:
        return _private(world, bot, chat_id)
    chat = world.chats.get(chat_id)
    if chat is None or not (chat.username or bot.id in chat.members):
        raise BadRequest("chat not found")
    if chat.migrated_to:
        words = "group chat was upgraded to a supergroup chat"
        raise BadRequest(words, migrate_to_chat_id=chat.migrated_to)
    return _inside(world, bot, chat)


def chat_to_write(
    world: World, bot: Bot, chat_id: int | str, permission: str = "can_send_messages"
) -> Chat:
    """Return a chat that the bot may write in; raises as Telegram does for others."""
    chat = find_chat(world, bot, chat_id)
    if chat.is_private:
        if chat.blocked:
            raise Forbidden("bot was blocked by the user")
        return chat
    member = chat.members[bot.id]
    if chat.type == "channel" and not member.can("can_post_messages"):
        raise BadRequest("need administrator rights in the channel chat")
    muted = not member.is_admin and not chat.permissions.get("can_send_messages", True)
    if muted or not member.may(permission):
        what = "photos" if permission == "can_send_photos" else "text messages"
        raise BadRequest(f"not enough rights to send {what} to the chat")
    return chat


def find_message(chat: Chat, message_id: int, purpose: str) -> Message:
    """Return a message of a chat; the refusal names the purpose, as "message to edit"."""
    if not message_id:
        raise BadRequest("message identifier is not specified")
    if message_id not in chat.messages:
        raise BadRequest(f"{purpose} not found")
    return chat.messages[message_id]


def require_deletable(world: World, bot: Bot, message: Message) -> None:
    """Refuse what this bot can't delete: old messages, others' without the right."""
    chat = message.chat
    if world.clock.now() - message.body["date"] > DELETABLE_SECONDS:
        raise BadRequest("message can't be deleted for everyone")
    if chat.is_private or message.author_id == bot.id:
        return
    if not chat.members[bot.id].can("can_delete_messages"):
        raise BadRequest("message can't be deleted")


def require_right(chat: Chat, bot: Bot, right: str, words: str) -> None:
    """Refuse, in Telegram's words, what needs a right that the bot lacks."""
    if not chat.members[bot.id].can(right):
        raise BadRequest(words)


def person_to_judge(world: World, chat: Chat, bot: Bot, user_id: int) -> Person:
    """Return someone whom the bot may restrict or ban in a group or channel."""
    if chat.is_private:
        raise BadRequest("can't restrict or ban in a private chat")
    if user_id == bot.id:
        raise BadRequest("can't restrict self")
    words = "not enough rights to restrict/unrestrict chat member"
    require_right(chat, bot, "can_restrict_members", words)
    person = known_person(world, user_id)
    member = chat.members.get(user_id)
    if member is not None and member.status == "creator":
        raise BadRequest("can't remove chat owner")
    if member is not None and member.is_admin:
        raise BadRequest("user is an administrator of the chat")
    return person


def known_person(world: World, user_id: int) -> Person:
    """Return a person by id; raises BadRequest for someone the bot never met."""
    if user_id not in world.people:
        raise BadRequest("PARTICIPANT_ID_INVALID")
    return world.people[user_id]


def standing(world: World, chat: Chat, person: Person) -> Member:
    """Return someone's standing; who never came counts as having left."""
    if chat.is_private:
        return Member(person)
    return chat.member(person.id, world.clock.now()) or Member(person, "left")


def _private(world: World, bot: Bot, user_id: int) -> Chat:
    if world.is_bot(user_id):
        raise Forbidden("bots can't send messages to bots")
    chat = world.privates.get((bot.id, user_id))
    if chat is not None and chat.started:
        return chat
    if user_id in world.people:
        raise Forbidden("bot can't initiate conversation with a user")
    raise BadRequest("chat not found")


def _inside(world: World, bot: Bot, chat: Chat) -> Chat:
    member = chat.member(bot.id, world.clock.now())
    if member is not None and member.is_inside:
        return chat
    if member is not None and member.status == "kicked":
        raise Forbidden(f"bot was kicked from the {_KINDS[chat.type]}")
    raise Forbidden(f"bot is not a member of the {_KINDS[chat.type]}")
