#include "gateway/routes.hpp"

namespace gateway {

namespace {

using enum verb;

constexpr std::string_view paged = "cursor?: text(1..400), limit?: integer(1..200)";
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
constexpr std::string_view signed_url = "expires: integer, for: text(0..64), sign: text(1..64)";

// clang-format off
constexpr operation table[]{
    {post,   "/session",                         "anyone",              "", "log_in",           "session_state",             "Log in with an e-mail address and a password; sets the session cookie"},
    {get,    "/session",                         "session",             "", "",                 "session_state",             "Who is logged in, and the CSRF token"},
    {remove, "/session",                         "session",             "", "",                 "",                          "Log out"},
    {get,    "/sessions",                        "session",             "", "",                 "page own_session",          "Own sessions"},
    {remove, "/sessions/{id}",                   "session",             "", "",                 "",                          "End one of the own sessions"},
    {get,    "/links/{token}",                   "anyone",              "", "",                 "link_purpose",              "What an invite or reset link is for"},
    {post,   "/links/{token}",                   "anyone",              "", "use_link",         "session_state",             "Use an invite or reset link: sets the password and logs in"},
    {get,    "/me",                              "session",             "", "",                 "me",                        "Own profile"},
    {patch,  "/me",                              "session",             "", "change_me",        "me",                        "Change the own profile"},
    {post,   "/me/password",                     "session",             "", "change_password",  "",                          "Change the own password; ends the other sessions"},

    {get,    "/agents",                          "staff:read",          "", "",                 "page agent",                "Everyone who works here"},
    {get,    "/agents/{id}",                     "staff:read",          "", "",                 "agent",                     "One agent"},
    {post,   "/agents/invites",                  "staff:write",         "", "new_invite",       "created made_link",         "Invite somebody: a single-use link to hand over"},
    {post,   "/agents/{id}/reset",               "staff:write",         "", "",                 "created made_link",         "A single-use link to set a new password"},
    {patch,  "/agents/{id}",                     "staff:write",         "", "change_agent",     "agent",                     "Change name, roles, skills, units, or deactivate"},
    {get,    "/teams",                           "staff:read",          "", "",                 "page team",                 "Teams"},
    {post,   "/teams",                           "staff:write",         "", "new_team",         "created team",              "Make a team"},
    {patch,  "/teams/{id}",                      "staff:write",         "", "change_team",      "team",                      "Rename a team or set its members"},
    {get,    "/skills",                          "staff:read",          "", "",                 "page skill",                "Skills"},
    {post,   "/skills",                          "staff:write",         "", "new_skill",        "created skill",             "Make a skill"},

    {get,    "/inboxes",                         "staff:read",          "", "",                 "page inbox",                "Inboxes that the asker may see"},
    {post,   "/inboxes",                         "inboxes:write",       "", "new_inbox",        "created inbox",             "Make an inbox"},
    {get,    "/inboxes/{id}",                    "staff:read",          "", "",                 "inbox",                     "One inbox, with its widget snippet"},
    {patch,  "/inboxes/{id}",                    "inboxes:write",       "", "change_inbox",     "inbox",                     "Change an inbox"},
    {post,   "/inboxes/{id}/identity-keys",      "inboxes:write",       "", "",                 "created made_identity_key", "A new secret to sign visitors' identities with; the older of two is dropped"},
    {get,    "/tags",                            "staff:read",          "", "",                 "page tag",                  "Tags"},
    {post,   "/tags",                            "conversations:write", "", "new_tag",          "created tag",               "Make a tag"},
    {get,    "/attributes",                      "staff:read",          "", "",                 "page attribute",            "Definitions of custom attributes"},
    {post,   "/attributes",                      "inboxes:write",       "", "new_attribute",    "created attribute",         "Define a custom attribute"},

    {get,    "/conversations",                   "conversations:read",  inbox_view, "",         "page conversation",         "An inbox view"},
    {get,    "/conversations/counts",            "conversations:read",  "", "",                 "counts",                    "How many conversations each view holds"},
    {post,   "/conversations",                   "conversations:write", "", "new_conversation", "created started_conversation", "Start a conversation with a customer"},
    {get,    "/conversations/{id}",              "conversations:read",  "", "",                 "conversation_detail",       "One conversation and the asker's drafts"},
    {get,    "/conversations/{id}/entries",      "conversations:read",  entry_page, "",         "page entry",                "A conversation's entries by seq"},
    {get,    "/conversations/{id}/why",          "conversations:read",  "", "",                 "why",                       "Why this came to its agent now: the stored decision"},
    {post,   "/conversations/{id}/replies",      "conversations:write", "", "new_reply",        "created written",           "Reply to the customer"},
    {post,   "/conversations/{id}/notes",        "conversations:write", "", "new_note",         "created written",           "Write an internal note"},
    {post,   "/conversations/{id}/assign",       "conversations:write", "", "assign",           "conversation",              "Assign to an agent or to nobody"},
    {post,   "/conversations/{id}/transfer",     "conversations:write", "", "transfer",         "conversation",              "Transfer to an agent or a team, with a note"},
    {post,   "/conversations/{id}/status",       "conversations:write", "", "set_status",       "conversation",              "Open, pend, snooze or resolve"},
    {post,   "/conversations/{id}/priority",     "conversations:write", "", "set_priority",     "conversation",              "Set the priority"},
    {post,   "/conversations/{id}/stage",        "conversations:write", "", "set_stage",        "conversation",              "Set the stage by hand, or derive it again"},
    {post,   "/conversations/{id}/tags",         "conversations:write", "", "set_tag",          "conversation",              "Add a tag"},
    {remove, "/conversations/{id}/tags/{tag}",   "conversations:write", "", "",                 "conversation",              "Take a tag off"},
    {put,    "/conversations/{id}/drafts/{mode}", "conversations:write", "", "put_draft",       "saved",                     "Keep the own draft"},
    {remove, "/conversations/{id}/drafts/{mode}", "conversations:write", "", "",                "",                          "Throw the own draft away"},
    {get,    "/drafts",                          "conversations:read",  "", "",                 "drafts",                    "Own drafts"},
    {patch,  "/entries/{id}",                    "conversations:write", "", "revise_entry",     "entry",                     "Revise an own message or note"},
    {remove, "/entries/{id}",                    "conversations:write", "", "",                 "entry",                     "Redact an entry"},

    {get,    "/customers",                       "customers:read",      people_page, "",        "page customer",             "The customers' archive"},
    {get,    "/customers/{id}",                  "customers:read",      "", "",                 "customer",                  "One customer"},
    {post,   "/customers",                       "customers:write",     "", "new_customer",     "created customer",          "Add a customer"},
    {patch,  "/customers/{id}",                  "customers:write",     "", "change_customer",  "customer",                  "Change a customer"},
    {get,    "/customers/{id}/timeline",         "customers:read",      timeline_page, "",      "page entry",                "Every entry of every conversation, newest first"},
    {get,    "/customers/{id}/conversations",    "customers:read",      paged, "",              "page conversation",         "A customer's conversations, newest first"},
    {get,    "/customers/{id}/orders",           "customers:read",      paged, "",              "page order",                "A customer's orders, newest first"},
    {post,   "/customers/{id}/merge",            "customers:write",     "", "merge",            "customer",                  "Merge another customer into this one"},
    {post,   "/customers/{id}/unmerge",          "customers:write",     "", "merge",            "customer",                  "Take a merged customer out again"},

    {post,   "/orders",                          "orders:write",        "", "new_order",        "created order",             "Record an order"},
    {get,    "/orders/{number}",                 "orders:read",         "", "",                 "order",                     "One order"},
    {patch,  "/orders/{number}",                 "orders:write",        "", "change_order",     "order",                     "Move an order on"},

    {post,   "/attachments",                     "conversations:write", "", "bytes",            "created attachment",        "Upload a file to attach later"},
    {get,    "/attachments/{id}",                "anyone",              signed_url, "",         "bytes",                     "The bytes of an attachment, by a signed address"},
    {get,    "/search",                          "conversations:read",  search_query, "",       "page search_hit",           "Search the whole history"},
    {get,    "/presence",                        "session",             "", "",                 "presence",                  "Own presence and load"},
    {put,    "/presence",                        "session",             "", "set_presence",     "presence",                  "Set the own presence"},

    {get,    "/tokens",                          "tokens:write",        "", "",                 "page token",                "API tokens"},
    {post,   "/tokens",                          "tokens:write",        "", "new_token",        "created made_token",        "Make an API token; its secret is shown once"},
    {remove, "/tokens/{id}",                     "tokens:write",        "", "",                 "",                          "Revoke an API token"},
    {get,    "/audit",                           "audit:read",          audit_page, "",         "page audit_line",           "The log, newest first"},
    {get,    "/settings",                        "settings:write",      "", "",                 "settings",                  "Settings of the installation"},
    {put,    "/settings",                        "settings:write",      "", "put_settings",     "settings",                  "Change settings of the installation"},
    {get,    "/status",                          "status:read",         "", "",                 "status",                    "How the server is doing"},
    {post,   "/client-errors",                   "session",             "", "client_error",     "",                          "The console reports a fault of its own"},
};
// clang-format on

} // namespace

std::span<const operation> operations()
{
    return table;
}

} // namespace gateway
