// The names by which an answer finds its conversation again: signed reply addresses and message ids
// of our own. Both carry a MAC, so nobody can write into a conversation whose number he guesses.
// Pure; any thread.
#pragma once

#include "crm/base/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// The secrets that sign. The first one signs, all of them verify, so that a new one can be put in
/// front while answers to older mails still arrive. Each at least 16 bytes.
struct signing_keys
{
    std::vector<std::string> secrets;
};

/// "help+c4k….mac@example.org" for the mailbox help@example.org: a plus-address with the
/// conversation and 80 bits of HMAC-SHA-256 over mailbox and conversation, in lower-case base 32,
/// for mail servers may change the case. Throws problem{invalid} for what is no address, for a
/// local part longer than 30 bytes (the whole one may have 64), or for missing or short secrets.
std::string reply_address(
    std::string_view mailbox, crm::conversation_id conversation, const signing_keys& keys
);

/// The conversation that a recipient address names, when it is a reply address of that mailbox with
/// a right MAC; compared in constant time.
std::optional<crm::conversation_id>
read_reply_address(std::string_view address, std::string_view mailbox, const signing_keys& keys);

/// What our message ids tell.
struct own_message
{
    crm::conversation_id conversation{};
    crm::entry_id entry{};

    friend bool operator==(const own_message&, const own_message&) = default;
};

/// A message id of ours without brackets, "p.<conversation>.<entry>.<mac>@domain". The same entry
/// gives the same id, so a mail that is sent twice is one mail. Throws as reply_address().
std::string
make_message_id(const own_message& of, std::string_view domain, const signing_keys& keys);

/// Reads an id that we have made; nothing when it is another's or its MAC is wrong.
std::optional<own_message>
read_message_id(std::string_view id, std::string_view domain, const signing_keys& keys);

} // namespace channels::email
