#include "gateway/routes.hpp"

namespace gateway {

namespace {

using enum verb;

constexpr std::string_view newest = "limit?: integer(1..200)";
constexpr std::string_view inbox_view =
    "view?: mine|unassigned|team|all|snoozed|mentions|drafts|failed, inbox?: id, team?: id,"
    "status?: open|pending|snoozed|resolved, stage?: pre_sale|in_sale|after_sale, tag?: id,"
    "sort?: activity|waiting, cursor?: text(1..400), limit?: integer(1..200)";
constexpr std::string_view entry_page =
    "before?: integer, after?: integer, limit?: integer(1..200)";
constexpr std::string_view timeline_page = "before?: text(1..400), limit?: integer(1..200)";
constexpr std::string_view search_query =
    "q: text(1..200), in?: conversations|messages|customers|orders, cursor?: text(1..400), limit?: "
    "integer(1..100)";
constexpr std::string_view people_page =
    "q?: text(0..120), cursor?: text(1..400), limit?: integer(1..200)";
constexpr std::string_view audit_page =
    "what?: text(1..40), agent?: id, customer?: id, conversation?: id, cursor?: text(1..400),"
    "limit?: integer(1..200)";
constexpr std::string_view signed_url = "expires?: integer, for?: text(0..64), sign?: text(1..64)";

// clang-format off
constexpr operation table[]{
    {post,   "/session",                         "anyone",              "", "log_in",           "session_state",             "Log in with an e-mail address and a password; sets the session cookie", rest::log_in},
    {get,    "/session",                         "session",             "", "",                 "session_state",             "Who is logged in, and the CSRF token", rest::show_session},
    {remove, "/session",                         "session",             "", "",                 "",                          "Log out", rest::log_out},
    {get,    "/sessions",                        "session",             "", "",                 "page own_session",          "Own sessions", rest::list_sessions},
    {remove, "/sessions/{id}",                   "session",             "", "",                 "",                          "End one of the own sessions", rest::end_session},
    {get,    "/links/{token}",                   "anyone",              "", "",                 "link_purpose",              "What an invite or reset link is for", rest::show_link},
    {post,   "/links/{token}",                   "anyone",              "", "use_link",         "session_state",             "Use an invite or reset link: sets the password and logs in", rest::use_link},
    {get,    "/me",                              "session",             "", "",                 "me",                        "Own profile", rest::show_me},
    {patch,  "/me",                              "session",             "", "change_me",        "me",                        "Change the own profile", rest::change_me},
    {post,   "/me/password",                     "session",             "", "change_password",  "",                          "Change the own password; ends the other sessions", rest::change_password},

    {get,    "/agents",                          "staff:read",          "", "",                 "page agent",                "Everyone who works here", rest::list_agents},
    {get,    "/agents/{id}",                     "staff:read",          "", "",                 "agent",                     "One agent", rest::show_agent},
    {post,   "/agents/invites",                  "staff:write",         "", "new_invite",       "created made_link",         "Invite somebody: a single-use link to hand over", rest::invite_agent},
    {post,   "/agents/{id}/reset",               "staff:write",         "", "",                 "created made_link",         "A single-use link to set a new password", rest::reset_agent},
    {patch,  "/agents/{id}",                     "staff:write",         "", "change_agent",     "agent",                     "Change name, roles, skills, units, or deactivate", rest::change_agent},
    {get,    "/teams",                           "staff:read",          "", "",                 "page team",                 "Teams", rest::list_teams},
    {post,   "/teams",                           "staff:write",         "", "new_team",         "created team",              "Make a team", rest::make_team},
    {patch,  "/teams/{id}",                      "staff:write",         "", "change_team",      "team",                      "Rename a team or set its members", rest::change_team},
    {get,    "/skills",                          "staff:read",          "", "",                 "page skill",                "Skills", rest::list_skills},
    {post,   "/skills",                          "staff:write",         "", "new_skill",        "created skill",             "Make a skill", rest::make_skill},

    {get,    "/inboxes",                         "staff:read",          "", "",                 "page inbox",                "Inboxes that the asker may see", rest::list_inboxes},
    {post,   "/inboxes",                         "inboxes:write",       "", "new_inbox",        "created inbox",             "Make an inbox", rest::make_inbox},
    {get,    "/inboxes/{id}",                    "staff:read",          "", "",                 "inbox",                     "One inbox, with its widget snippet", rest::show_inbox},
    {patch,  "/inboxes/{id}",                    "inboxes:write",       "", "change_inbox",     "inbox",                     "Change an inbox", rest::change_inbox},
    {post,   "/inboxes/{id}/identity-keys",      "inboxes:write",       "", "",                 "created made_identity_key", "A new secret to sign visitors' identities with; the older of two is dropped", rest::make_identity_key},
    {get,    "/tags",                            "staff:read",          "", "",                 "page tag",                  "Tags", rest::list_tags},
    {post,   "/tags",                            "conversations:write", "", "new_tag",          "created tag",               "Make a tag", rest::make_tag},
    {get,    "/attributes",                      "staff:read",          "", "",                 "page attribute",            "Definitions of custom attributes", rest::list_attributes},
    {post,   "/attributes",                      "inboxes:write",       "", "new_attribute",    "created attribute",         "Define a custom attribute", rest::make_attribute},

    {get,    "/conversations",                   "conversations:read",  inbox_view, "",         "page conversation",         "An inbox view", rest::list_conversations},
    {get,    "/conversations/counts",            "conversations:read",  "", "",                 "counts",                    "How many conversations each view holds", rest::count_conversations},
    {post,   "/conversations",                   "conversations:write", "", "new_conversation", "created started_conversation", "Start a conversation with a customer", rest::start_conversation},
    {get,    "/conversations/{id}",              "conversations:read",  "", "",                 "conversation_detail",       "One conversation and the asker's drafts", rest::show_conversation},
    {get,    "/conversations/{id}/entries",      "conversations:read",  entry_page, "",         "page entry",                "A conversation's entries by seq", rest::list_entries},
    {get,    "/conversations/{id}/why",          "conversations:read",  "", "",                 "why",                       "Why this came to its agent now: the stored decision", rest::show_why},
    {post,   "/conversations/{id}/replies",      "conversations:write", "", "new_reply",        "created written",           "Reply to the customer", rest::reply},
    {post,   "/conversations/{id}/notes",        "conversations:write", "", "new_note",         "created written",           "Write an internal note", rest::note},
    {post,   "/conversations/{id}/assign",       "conversations:write", "", "assign",           "conversation",              "Assign to an agent or to nobody", rest::assign},
    {post,   "/conversations/{id}/transfer",     "conversations:write", "", "transfer",         "conversation",              "Transfer to an agent or a team, with a note", rest::transfer},
    {post,   "/conversations/{id}/status",       "conversations:write", "", "set_status",       "conversation",              "Open, pend, snooze or resolve", rest::set_status},
    {post,   "/conversations/{id}/call-back",    "conversations:write", "", "call_back",        "conversation",              "Let the customer keep the place in line, to be served from a set time on", rest::call_back},
    {post,   "/conversations/{id}/unread",       "conversations:write", "", "mark_unread",      "conversation",              "Count what the customer wrote as unread again, from an entry on or the newest message", rest::mark_unread},
    {post,   "/conversations/{id}/priority",     "conversations:write", "", "set_priority",     "conversation",              "Set the priority", rest::set_priority},
    {post,   "/conversations/{id}/stage",        "conversations:write", "", "set_stage",        "conversation",              "Set the stage by hand, or derive it again", rest::set_stage},
    {post,   "/conversations/{id}/tags",         "conversations:write", "", "set_tag",          "conversation",              "Add a tag", rest::add_tag},
    {remove, "/conversations/{id}/tags/{tag}",   "conversations:write", "", "",                 "conversation",              "Take a tag off", rest::remove_tag},
    {put,    "/conversations/{id}/drafts/{mode}", "conversations:write", "", "put_draft",       "saved",                     "Keep the own draft", rest::put_draft},
    {remove, "/conversations/{id}/drafts/{mode}", "conversations:write", "", "",                "",                          "Throw the own draft away", rest::remove_draft},
    {get,    "/drafts",                          "conversations:read",  "", "",                 "drafts",                    "Own drafts", rest::list_drafts},
    {patch,  "/entries/{id}",                    "conversations:write", "", "revise_entry",     "entry",                     "Revise an own message or note", rest::revise_entry},
    {remove, "/entries/{id}",                    "conversations:write", "", "",                 "entry",                     "Redact an entry", rest::redact_entry},

    {get,    "/customers",                       "customers:read",      people_page, "",        "page customer",             "The customers' archive", rest::list_customers},
    {get,    "/customers/{id}",                  "customers:read",      "", "",                 "customer",                  "One customer", rest::show_customer},
    {post,   "/customers",                       "customers:write",     "", "new_customer",     "created customer",          "Add a customer", rest::make_customer},
    {patch,  "/customers/{id}",                  "customers:write",     "", "change_customer",  "customer",                  "Change a customer", rest::change_customer},
    {get,    "/customers/{id}/timeline",         "customers:read",      timeline_page, "",      "page entry",                "Every entry of every conversation, newest first", rest::customer_timeline},
    {get,    "/customers/{id}/conversations",    "customers:read",      newest, "",             "page conversation",         "A customer's conversations, newest first", rest::customer_conversations},
    {get,    "/customers/{id}/orders",           "customers:read",      newest, "",             "page order",                "A customer's orders, newest first", rest::customer_orders},
    {post,   "/customers/{id}/merge",            "customers:write",     "", "merge",            "customer",                  "Merge another customer into this one", rest::merge_customer},
    {post,   "/customers/{id}/unmerge",          "customers:write",     "", "merge",            "customer",                  "Take a merged customer out again", rest::unmerge_customer},
    {post,   "/customers/{id}/erase",            "customers:erase",     "", "",                 "erasure",                   "Erase what is known of a customer and what was said; the skeleton of the timeline stays", rest::erase_customer},
    {get,    "/customers/{id}/erasure",          "customers:erase",     "", "",                 "erasure",                   "How far the erasing of a customer has come", rest::show_erasure},

    {post,   "/orders",                          "orders:write",        "", "new_order",        "created order",             "Record an order", rest::make_order},
    {get,    "/orders/{number}",                 "orders:read",         "", "",                 "order",                     "One order", rest::show_order},
    {patch,  "/orders/{number}",                 "orders:write",        "", "change_order",     "order",                     "Move an order on", rest::change_order},

    {post,   "/attachments",                     "conversations:write", "", "bytes",            "created attachment",        "Upload a file to attach later", rest::upload},
    {get,    "/attachments/{id}",                "anyone",              signed_url, "",         "bytes",                     "The bytes of an attachment, by a signed address", rest::download},
    {get,    "/search",                          "conversations:read",  search_query, "",       "page search_hit",           "Search the whole history", rest::search},
    {get,    "/presence",                        "session",             "", "",                 "presence",                  "Own presence and load", rest::show_presence},
    {put,    "/presence",                        "session",             "", "set_presence",     "presence",                  "Set the own presence", rest::set_presence},

    {get,    "/tokens",                          "tokens:write",        "", "",                 "page token",                "API tokens", rest::list_tokens},
    {post,   "/tokens",                          "tokens:write",        "", "new_token",        "created made_token",        "Make an API token; its secret is shown once", rest::make_token},
    {remove, "/tokens/{id}",                     "tokens:write",        "", "",                 "",                          "Revoke an API token", rest::revoke_token},
    {get,    "/audit",                           "audit:read",          audit_page, "",         "page audit_line",           "The log, newest first", rest::list_audit},
    {get,    "/settings",                        "settings:write",      "", "",                 "settings",                  "Settings of the installation", rest::show_settings},
    {put,    "/settings",                        "settings:write",      "", "put_settings",     "settings",                  "Change settings of the installation", rest::change_settings},
    {get,    "/status",                          "status:read",         "", "",                 "status",                    "How the server is doing", rest::show_status},
    {post,   "/client-errors",                   "session",             "", "client_error",     "",                          "The console reports a fault of its own", rest::client_error},
};
// clang-format on

} // namespace

std::span<const operation> operations()
{
    return table;
}

bool takes_key(const operation& what)
{
    return what.method == verb::post && what.permission != "anyone" &&
           what.body != "change_password" && what.body != "bytes" && what.body != "client_error";
}

} // namespace gateway
