// The handlers of the table in gateway/routes.cpp, one function per endpoint. Io thread.
#pragma once

#include "gateway/net/http.hpp"

namespace gateway::rest {

struct call;
using answer = net::task<net::response>;

// gateway/rest/session_calls.cpp
answer log_in(call& at);
answer show_session(call& at);
answer log_out(call& at);
answer list_sessions(call& at);
answer end_session(call& at);
answer show_link(call& at);
answer use_link(call& at);
answer show_me(call& at);
answer change_me(call& at);
answer change_password(call& at);

// gateway/rest/staff_calls.cpp
answer list_agents(call& at);
answer show_agent(call& at);
answer invite_agent(call& at);
answer reset_agent(call& at);
answer change_agent(call& at);
answer list_teams(call& at);
answer make_team(call& at);
answer change_team(call& at);
answer list_skills(call& at);
answer make_skill(call& at);
answer show_presence(call& at);
answer set_presence(call& at);

// gateway/rest/inbox_calls.cpp
answer list_inboxes(call& at);
answer make_inbox(call& at);
answer show_inbox(call& at);
answer change_inbox(call& at);
answer make_identity_key(call& at);
answer list_tags(call& at);
answer make_tag(call& at);
answer list_attributes(call& at);
answer make_attribute(call& at);

// gateway/rest/conversation_calls.cpp
answer list_conversations(call& at);
answer count_conversations(call& at);
answer start_conversation(call& at);
answer show_conversation(call& at);
answer list_entries(call& at);
answer show_why(call& at);

// gateway/rest/conversation_changes.cpp
answer reply(call& at);
answer note(call& at);
answer assign(call& at);
answer transfer(call& at);
answer set_status(call& at);
answer call_back(call& at);
answer mark_unread(call& at);
answer set_priority(call& at);
answer set_stage(call& at);
answer add_tag(call& at);
answer remove_tag(call& at);
answer put_draft(call& at);
answer remove_draft(call& at);
answer list_drafts(call& at);
answer revise_entry(call& at);
answer redact_entry(call& at);

// gateway/rest/customer_calls.cpp
answer list_customers(call& at);
answer show_customer(call& at);
answer make_customer(call& at);
answer change_customer(call& at);
answer customer_timeline(call& at);
answer customer_conversations(call& at);
answer customer_orders(call& at);
answer merge_customer(call& at);
answer unmerge_customer(call& at);
answer erase_customer(call& at);
answer show_erasure(call& at);

// gateway/rest/order_calls.cpp
answer make_order(call& at);
answer show_order(call& at);
answer change_order(call& at);

// gateway/rest/attachment_calls.cpp
answer upload(call& at);
answer download(call& at);

// gateway/rest/search_calls.cpp
answer search(call& at);

// gateway/rest/house_calls.cpp
answer list_tokens(call& at);
answer make_token(call& at);
answer revoke_token(call& at);
answer list_audit(call& at);
answer show_settings(call& at);
answer change_settings(call& at);
answer show_status(call& at);
answer client_error(call& at);

} // namespace gateway::rest
