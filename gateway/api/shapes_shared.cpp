// The shapes that several endpoints and the realtime protocol share.
#include "gateway/api/shapes.hpp"

namespace gateway::api {

const shape_list shared_shapes{
    {"problem",
     "type: text, title: text, status: integer, code: text, detail: text, field?: text, "
     "request_id: text,"
     "retry_after_ms?: integer"},

    {"role_grant",
     "role: admin|supervisor|lead|agent|analyst|auditor, inbox?: id|null, team?: id|null"},
    {"me",
     "id: id, name: text, email: text, roles: [role_grant], permissions: [text], locale: text,"
     "theme: light|dark|system|contrast, density: compact|comfortable|spacious, teams: [id],"
     "presence: available|busy|away|offline, units: integer, preferences: object"},
    {"named", "id: id, name: text"},
    {"work_load", "used: integer, units: integer"},
    {"agent_skill", "skill: id, level: integer(1..5), expires?: time|null"},
    {"agent",
     "id: id, name: text, email: text, active: boolean, presence: available|busy|away|offline,"
     "roles: [role_grant], teams: [id], skills: [agent_skill], units: integer, load: work_load"},

    {"attachment",
     "id: id, name: text, media_type: text, size: integer, width?: integer, height?: integer, url: "
     "text"},
    {"entry_author", "kind: customer|agent|system|bot|integration, id?: id, name: text"},
    {"entry",
     "id: id, conversation: id, customer: id, seq: integer, public_seq: integer,"
     "kind: message|note|event|order|call|visit|form|survey|system, author: entry_author, channel: "
     "text,"
     "public: boolean, stage: pre_sale|in_sale|after_sale, text: text, happened: time, received: "
     "time,"
     "cid?: text, delivery: none|held|queued|sent|delivered|read|failed|uncertain, "
     "delivery_detail?: text,"
     "attachments: [attachment], details: object, revision: integer, redacted: boolean"},
    {"conversation_customer",
     "id: id, name: text, tier: vip|major|regular|small|none, verified: boolean, locale: text,"
     "anonymous: boolean"},
    {"preview",
     "text: text, kind: message|note|event|order|call|visit|form|survey|system,"
     "author: customer|agent|system|bot|integration, at: time"},
    {"order_reference",
     "id: id, number: text, status: placed|paid|shipped|delivered|returned|refunded|cancelled"},
    {"request_state", "id: id, state: waiting|offered|active, since: time, for?: id, until?: time"},
    {"conversation",
     "id: id, at: position, inbox: id, customer: conversation_customer,"
     "status: open|pending|snoozed|resolved, priority: none|low|medium|high|urgent,"
     "stage: pre_sale|in_sale|after_sale, stage_by_hand: boolean, channel: text, subject: text,"
     "assignee?: named|null, team?: id|null, tags: [id], seq: integer, public_seq: integer,"
     "preview?: preview|null, order?: order_reference|null, opened: time, last_activity: time,"
     "waiting_since?: time|null, first_response_due?: time|null, snoozed_until?: time|null,"
     "resolved?: time|null, unread: integer, agent_read_seq: integer, customer_read_seq: integer,"
     "failed: boolean, request?: request_state|null"},

    {"order_line", "sku: text, name: text, quantity: integer, unit_minor: integer, image?: text"},
    {"order",
     "id: id, number: text, customer: id, status: "
     "placed|paid|shipped|delivered|returned|refunded|cancelled,"
     "currency: text(3..3), total_minor: integer, cost_minor?: integer|null, lines: [order_line],"
     "placed?: time|null, paid?: time|null, shipped?: time|null, delivered?: time|null, returned?: "
     "time|null,"
     "refunded?: time|null, cancelled?: time|null, carrier?: text, tracking?: text, eta?: "
     "time|null,"
     "conversation?: id|null, updated: time, at: position"},
    {"customer_value",
     "total_minor: integer, currency: text(3..3), basis: text, orders: integer, top_percent: number"
    },
    {"identity", "id: id, kind: text, address: text, verified: boolean, channel?: text"},
    {"customer_fields",
     "address?: text, needs?: text, likes?: text, dislikes?: text, decision_role?: text, "
     "interests?: text,"
     "orientation?: text, usual_purchase_time?: text, frequency?: text"},
    {"customer_orders", "count: integer, recent: [order]"},
    {"page_visit", "url: text, title: text, at: time"},
    {"customer",
     "id: id, at: position, name: text, anonymous: boolean, verified: boolean,"
     "tier: vip|major|regular|small|none, score: number, value?: customer_value|null, locale: text,"
     "timezone: text, company?: named|null, identities: [identity], tags: [id], attributes: object,"
     "fields: customer_fields, completeness: number(0..1), created: time, "
     "erased?: time|null, merged_into?: "
     "id|null,"
     "orders?: customer_orders, page?: page_visit|null"},

    {"offer_reason",
     "code: text, text?: text, used?: integer, units?: integer, id?: id, amount?: number"},
    {"offer_why",
     "waited_ms: integer, head_start_ms: integer, counts_as_ms: integer, score: number, basis: "
     "text,"
     "ahead_of: integer, reasons: [offer_reason]"},
    {"offer",
     "request: id, conversation: conversation, first_words: text, expires: time, expires_in_ms: "
     "integer,"
     "why: offer_why"},
    {"draft",
     "conversation: id, mode: reply|note, text: text, attachments: [attachment], base?: "
     "integer|null,"
     "saved: time"},
    {"done", "at: position"},
    {"written", "at: position, seq: integer, entry: entry"},
};

} // namespace gateway::api
