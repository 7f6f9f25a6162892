// The website's chat in our words: what a visitor does in the widget becomes a routing::incoming.
// Pure; any thread.
#pragma once

#include "crm/inbox.hpp"
#include "routing/switchboard.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace channels::webchat {

/// Who writes: a browser with a token, or a person whom the site has signed.
struct writer
{
    crm::inbox_id inbox{};
    crm::channel_account_id account{};
    crm::actor who;
    std::string visitor_key;    // hash of the visitor token
    std::string signed_subject; // the site's own user id; empty: not signed
    std::string signed_name;
    std::string locale;
    std::string order_number; // of the page the visitor is on
};

/// A message. Throws problem{invalid} when there is neither text nor attachment.
routing::incoming said(
    const writer& by,
    std::string cid,
    std::string_view text,
    std::vector<crm::attachment_id> attachments
);

/// The pre-chat form: names and what was filled in.
using fields = std::vector<std::pair<std::string, std::string>>;
/// Throws problem{too_large} for more than 10 fields.
routing::incoming filled_form(const writer& by, std::string cid, const fields& filled);

/// The form outside of hours: a message with an address to answer to. Throws problem{invalid} for
/// what is no mail address.
routing::incoming left_message(
    const writer& by,
    std::string cid,
    std::string_view name,
    std::string_view email,
    std::string_view text
);

/// The page that the visitor is on now, and the product it shows, if any.
routing::incoming
visited(const writer& by, std::string_view url, std::string_view title, std::string_view product);

} // namespace channels::webchat
