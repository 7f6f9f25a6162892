// Frames that clients send over a socket (docs/realtime.md). Their names start with "frame_", and
// they are no part of the OpenAPI document.
#include "gateway/api/shapes.hpp"

namespace gateway::api {

const shape_list frame_shapes{
    {"frame_agent_hello",
     "v: integer, csrf: text(1..128), client: text(1..64), epoch?: text(0..64)|null, at?: "
     "text(0..64)|null"},
    {"frame_reply",
     "cid: text(1..64), conversation: id, text: text(0..20000), base: integer, force?: boolean,"
     "attachments?: [id](0..10), then?: resolve|pending|snooze, until?: time"},
    {"frame_note",
     "cid: text(1..64), conversation: id, text: text(0..20000), mentions?: [id](0..50),"
     "attachments?: [id](0..10)"},
    {"frame_accept", "cid: text(1..64), request: id"},
    {"frame_decline", "cid: text(1..64), request: id, reason?: text(0..200)"},
    {"frame_assign", "cid: text(1..64), conversation: id, agent: id|null, base?: integer"},
    {"frame_transfer",
     "cid: text(1..64), conversation: id, agent?: id|null, team?: id|null, note?: text(0..20000),"
     "if_unavailable?: wait|refuse"},
    {"frame_status",
     "cid: text(1..64), conversation: id, status: open|pending|snoozed|resolved, until?: time|null"
    },
    {"frame_priority", "cid: text(1..64), conversation: id, priority: none|low|medium|high|urgent"},
    {"frame_stage",
     "cid: text(1..64), conversation: id, stage: pre_sale|in_sale|after_sale|null, reason?: "
     "text(0..200)"},
    {"frame_tag", "cid: text(1..64), conversation: id, tag: id"},
    {"frame_read", "conversation: id, seq: integer"},
    {"frame_presence", "cid: text(1..64), presence: available|busy|away|offline"},
    {"frame_draft",
     "cid: text(1..64), conversation: id, mode: reply|note, text: text(0..20000), attachments?: "
     "[id](0..10),"
     "base?: integer|null"},
    {"frame_view", "conversation: id|null, composing?: reply|note|null"},
    {"frame_typing", "conversation: id, on: boolean"},

    {"frame_page",
     "url: text(0..2000), title?: text(0..300), order?: text(0..80), product?: text(0..120)"},
    {"frame_visitor_hello",
     "v: integer, inbox: text(1..40), token?: text(0..64)|null, identity?: text(0..8192)|null, "
     "locale?: "
     "text(0..16),"
     "client?: text(0..64), epoch?: text(0..64)|null, at?: text(0..64)|null, page?: frame_page"},
    {"frame_channel_hello",
     "v: integer, token: text(1..128), user: text(1..190), name?: text(0..120), email?: "
     "text(0..254),"
     "phone?: text(0..32), locale?: text(0..16), client?: text(0..64), epoch?: text(0..64), at?: "
     "text(0..64)"},
    {"frame_say", "cid: text(1..64), text: text(0..20000), attachments?: [id](0..10)"},
    {"frame_form", "cid: text(1..64), fields: object"},
    {"frame_leave_message",
     "cid: text(1..64), name?: text(0..120), email: text(3..254), text: text(1..20000)"},
    {"frame_visitor_typing", "on: boolean, text?: text(0..500)"},
    {"frame_visitor_read", "seq: integer"},
    {"frame_more", "cid: text(1..64), before: integer"},
    {"frame_end", "cid: text(1..64)"},
    {"frame_identify", "cid: text(1..64), identity: text(1..8192)"},
};

} // namespace gateway::api
