// Bodies of requests.
#include "gateway/api/shapes.hpp"

namespace gateway::api {

const shape_list request_shapes{
    {"log_in", "email: text(1..254), password: text(1..256)"},
    {"use_link", "name?: text(1..120), password: text(1..256)"},
    {"change_password", "current: text(1..256), password: text(1..256)"},
    {"change_me",
     "name?: text(1..120), locale?: text(2..16), theme?: light|dark|system|contrast,"
     "density?: compact|comfortable|spacious, preferences?: object"},
    {"new_invite", "email: text(3..254), name: text(1..120), roles: [role_grant](1..50)"},
    {"change_agent",
     "name?: text(1..120), roles?: [role_grant](0..50), skills?: [agent_skill](0..100),"
     "units?: integer(0..100), active?: boolean"},
    {"new_team", "name: text(1..80), members?: [id](0..500)"},
    {"change_team", "name?: text(1..80), members?: [id](0..500)"},
    {"new_skill", "name: text(1..80), language?: text(0..8)|null"},
    {"new_tag", "name: text(1..60), color?: text(0..20)"},
    {"new_attribute",
     "about: customer|conversation|order, name: text(1..60), label: text(1..120),"
     "kind: text|number|date|boolean|choice, choices?: [text(1..80)](0..100)"},
    {"new_inbox", "name: text(1..80), slug: text(1..40), locale?: text(2..16), brand?: text(0..80)"
    },
    {"change_inbox",
     "name?: text(1..80), locale?: text(2..16), brand?: text(0..80), retention_days?: "
     "integer(0..36500),"
     "reopen_days?: integer(0..3650), first_response_ms?: integer(0..604800000), teams?: "
     "[inbox_team](0..100), language?: none|wanted|required, skills?: [inbox_skill](0..50),"
     "hours?: inbox_hours, texts?: [inbox_text](0..100), widget?: change_widget"},
    {"change_widget",
     "color?: text(0..20), asks_form?: boolean, shows_typing?: boolean, shows_read_marks?: boolean,"
     "privacy_notice?: text(0..2000), form?: [form_field](0..3), origins?: [text(1..200)](0..50)"},

    {"new_conversation",
     "inbox: id, customer: id, text?: text(1..20000), subject?: text(0..200), assign_me?: boolean"},
    {"new_reply",
     "text: text(0..20000), cid?: text(1..64), base?: integer, force?: boolean, attachments?: "
     "[id](0..10),"
     "then?: resolve|pending|snooze, until?: time"},
    {"new_note",
     "text: text(0..20000), cid?: text(1..64), mentions?: [id](0..50), attachments?: [id](0..10)"},
    {"assign", "agent: id|null"},
    {"transfer",
     "agent?: id|null, team?: id|null, note?: text(0..20000), if_unavailable?: wait|refuse"},
    {"set_status", "status: open|pending|snoozed|resolved, until?: time|null"},
    {"call_back", "not_before: time"},
    {"mark_unread", "from?: integer(1..9007199254740991)"},
    {"set_priority", "priority: none|low|medium|high|urgent"},
    {"set_stage", "stage: pre_sale|in_sale|after_sale|null, reason?: text(0..200)"},
    {"set_tag", "tag: id"},
    {"revise_entry", "text: text(1..20000)"},

    {"new_identity", "kind: text(1..40), address: text(1..254)"},
    {"new_customer",
     "name: text(1..120), locale?: text(0..16), timezone?: text(0..64), identities?: "
     "[new_identity](0..20),"
     "fields?: customer_fields, attributes?: object"},
    {"change_customer",
     "name?: text(1..120), locale?: text(0..16), timezone?: text(0..64), fields?: customer_fields,"
     "attributes?: object, company?: text(0..120), tags?: [id](0..100)"},
    {"merge", "other: id"},
    {"new_order",
     "number: text(1..80), customer?: id, email?: text(3..254), external?: text(1..190), name?: "
     "text(0..120),"
     "status?: placed|paid|shipped|delivered|returned|refunded|cancelled, currency: text(3..3),"
     "total_minor: integer, cost_minor?: integer, lines?: [order_line](0..200), placed?: time,"
     "carrier?: text(0..80), tracking?: text(0..120), eta?: time"},
    {"change_order",
     "status?: placed|paid|shipped|delivered|returned|refunded|cancelled, carrier?: text(0..80),"
     "tracking?: text(0..120), eta?: time|null, happened?: time"},
    {"put_draft", "text: text(0..20000), attachments?: [id](0..10), base?: integer|null"},
    {"set_presence", "presence: available|busy|away|offline"},
    {"new_token", "name: text(1..80), scopes: [text(1..40)](1..20), expires?: time|null"},
    {"put_settings", "values: object"},
    {"client_error",
     "message: text(0..500), source?: text(0..200), stack?: text(0..4000), version?: text(0..40)"},
    {"shop_order",
     "name: text(1..120), email: text(3..254), locale?: text(0..16), lines: [order_line](1..50)"},
};

} // namespace gateway::api
