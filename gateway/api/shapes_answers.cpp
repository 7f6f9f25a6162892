// Answers of single endpoints.
#include "gateway/api/shape.hpp"
#include "gateway/api/shapes.hpp"

namespace gateway::api {

const shape_list answer_shapes{
    {"session_state", "csrf: text, me: me, expires: time"},
    {"own_session",
     "id: id, created: time, last_used: time, expires: time, address?: text, software?: text,"
     "current: boolean"},
    {"link_purpose", "kind: invite|reset, email: text, name?: text, expires: time"},
    {"made_link", "url: text, expires: time"},
    {"team", "id: id, name: text, members: [id]"},
    {"skill", "id: id, name: text"},
    {"tag", "id: id, name: text, colour: text"},
    {"attribute",
     "id: id, about: customer|conversation|order, name: text, label: text,"
     "kind: text|number|date|boolean|choice, choices: [text]"},

    {"hours_span", "day: integer(1..7), from: text(5..5), to: text(5..5)"},
    {"hours_exception", "date: text(10..10), from?: text(5..5), to?: text(5..5), closed: boolean"},
    {"inbox_hours",
     "timezone: text(1..64), week: [hours_span](0..100), exceptions: [hours_exception](0..400)"},
    {"form_field",
     "name: text(1..40), label: text(0..80), type: text|email|phone|choice, required: boolean,"
     "choices?: [text(1..80)](0..20)"},
    {"widget_settings",
     "colour: text, form: [form_field], origins: [text], show_typed_text: boolean, identity_keys: "
     "[text],"
     "snippet: text"},
    {"inbox",
     "id: id, name: text, slug: text, channel: text, active: boolean, brand: text, locale: text,"
     "retention_days: integer, teams: [id], hours?: inbox_hours|null, texts: object, widget: "
     "widget_settings,"
     "open: boolean"},
    {"made_identity_key", "kid: text, secret: text"},

    {"counts",
     "mine: integer, unassigned: integer, team: integer, all: integer, snoozed: integer, mentions: "
     "integer,"
     "drafts: integer, failed: integer, as_of: position"},
    {"conversation_detail", "conversation: conversation, drafts: [draft], as_of: position"},
    {"started_conversation", "conversation: conversation, entry?: entry|null, at: position"},
    {"why",
     "request?: request_state|null, why?: offer_why|null, decided?: time|null, agent?: named|null,"
     "as_of: position"},
    {"drafts", "items: [draft]"},
    {"saved", "saved: time"},
    {"search_hit",
     "kind: conversation|message|customer|order, conversation?: conversation|null, entry?: "
     "entry|null,"
     "customer?: customer|null, order?: order|null, snippet: text"},
    {"presence", "presence: available|busy|away|offline, load: work_load"},
    {"token",
     "id: id, name: text, scopes: [text], inboxes: [id], created: time, expires?: time|null,"
     "last_used?: time|null, made_by?: id|null"},
    {"made_token", "token: token, secret: text"},
    {"audit_line",
     "position: position, at: time, what: text, actor: text, actor_id?: id|null, via: text, "
     "address?: text,"
     "customer?: id|null, conversation?: id|null, inbox?: id|null, entry?: id|null, subject?: "
     "id|null,"
     "number: integer, amount: integer"},
    {"settings", "values: object"},
    {"store_status",
     "writable: boolean, reason: text, last_commit: time, commits: integer, jobs: integer, queued: "
     "integer,"
     "wal_bytes: integer, commit_p50_us: number, commit_p99_us: number, position: position, epoch: "
     "text"},
    {"sockets_status", "agents: integer, visitors: integer, channels: integer"},
    {"status",
     "version: text, started: time, now: time, database: text, store: store_status, sockets: "
     "sockets_status,"
     "loop_lag_p99_us: number, resident_bytes: integer"},
    {"demo_order_made", "number: text, url: text"},
};

shape_list shape_texts()
{
    shape_list all;
    for (const auto* part : {&shared_shapes, &request_shapes, &answer_shapes, &frame_shapes})
        all.insert(all.end(), part->begin(), part->end());
    return all;
}

} // namespace gateway::api
