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
    {"skill", "id: id, name: text, language?: text|null"},
    {"tag", "id: id, name: text, color: text"},
    {"attribute",
     "id: id, about: customer|conversation|order, name: text, label: text,"
     "kind: text|number|date|boolean|choice, choices: [text]"},

    {"hours_span", "day: integer(1..7), from: text(5..5), to: text(5..5)"},
    {"hours_exception",
     "date: text(10..10), from?: text(5..5), to?: text(5..5), closed: boolean, label?: text(0..80)"
    },
    {"inbox_hours",
     "timezone: text(1..64), week: [hours_span](0..100), exceptions: [hours_exception](0..400)"},
    {"form_field",
     "name: text(1..40), label: text(0..80), type: text|email|phone|choice, required: boolean"},
    {"inbox_team", "team: id, backup: boolean"},
    {"inbox_skill",
     "skill: id, level?: integer(1..5), optional?: boolean, channel?: text(1..20)|null"},
    {"inbox_text", "name: text(1..40), locale: text(2..16), content: text(0..4000)"},
    {"widget_settings",
     "color: text, asks_form: boolean, shows_typing: boolean, shows_read_marks: boolean, "
     "privacy_notice: text,"
     "form: [form_field], origins: [text], identity_keys: [text], snippet: text"},
    {"inbox",
     "id: id, name: text, slug: text, brand: text, locale: text, retention_days: integer, "
     "reopen_days: integer,"
     "first_response_ms: integer, teams: [inbox_team], language?: none|wanted|required, skills?: "
     "[inbox_skill], hours: inbox_hours, texts: [inbox_text],"
     "widget: widget_settings, open: boolean, revision: integer"},
    {"erasure", "customer: id, asked: time, done?: time|null"},
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
     "id: id, name: text, hint: text, scopes: [text], created: time, expires?: time|null, "
     "last_used?: time|null,"
     "revoked: boolean"},
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
};

shape_list shape_texts()
{
    shape_list all;
    for (const auto* part : {&shared_shapes, &request_shapes, &answer_shapes, &frame_shapes})
        all.insert(all.end(), part->begin(), part->end());
    return all;
}

} // namespace gateway::api
