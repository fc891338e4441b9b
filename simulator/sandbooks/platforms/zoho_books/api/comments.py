"""Comments on documents."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.parts import Resource, plain, read, write
from sandbooks.platforms.zoho_books.records import lists
from sandbooks.platforms.zoho_books.records.storing import find, remove
from sandbooks.platforms.zoho_books.refusals import NoSuch
from sandbooks.platforms.zoho_books.wire import read_body, reply
from sandbooks.wire import Response


def comments(resource: Resource, *, writes: bool = True, status: int = 201) -> list[Operation]:
    """The comments of a resource."""

    def list_comments(call: Call) -> Response:
        found = lists.comments_of(call.company, resource.record(call))
        return reply(comments=[plain(call, record) for record in found])

    def add_comment(call: Call) -> Response:
        given = read_body(call)
        with call.unit():
            user = find(call.company, "user", call.token.grant.user if call.token else "")
            record = lists.comment(call.company, resource.record(call), given, user=user)
        return reply("Comments added.", status=status, comment=plain(call, record))

    def delete_comment(call: Call) -> Response:
        with call.unit():
            parent = resource.record(call)
            record = find(call.company, "comment", call.args["comment"])
            if record.body["parent_id"] != parent.id:
                raise NoSuch("Comment", record.id)
            remove(call.company, record)
        return reply("The comment has been deleted.")

    path, module = f"{resource.path}/<id>/comments", resource.module
    made = [read(f"list_{resource.one}_comments", path, list_comments, module=module)]
    if writes:
        made.append(write(f"add_{resource.one}_comment", "POST", path, add_comment, module=module))
        name = f"delete_{resource.one}_comment"
        made.append(write(name, "DELETE", f"{path}/<comment>", delete_comment, module=module))
    return made
