// Mail addresses as people's mail programs write them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// One correspondent. The domain is lower-case, the local part as written.
struct mailbox
{
    std::string name;    // UTF-8, one line, cleaned; may be empty
    std::string address; // "ann@example.com"; empty when what stood there is no address

    friend bool operator==(const mailbox&, const mailbox&) = default;
};

/// Reads an address list (From, To, Cc ...): comments, groups, encoded words inside and outside of
/// quotes, commas in unquoted names, semicolons as separators, missing brackets, routes, mailto:,
/// raw 8-bit names by `hint`. At most `most` mailboxes; the rest is ignored. A piece without an
/// address is kept with its name alone, when it has one. Never throws on bytes.
std::vector<mailbox>
read_addresses(std::string_view raw, std::string_view hint = {}, std::size_t most = 500);

/// True for an address that can be written to: one @ with something on both sides, a plausible
/// domain, no blanks, controls, brackets or quotes outside of a quoted local part; at most 254
/// bytes, 64 of them before the @. UTF-8 is allowed (RFC 6531).
bool is_address(std::string_view address);

/// The form in which two addresses are compared: lower-case (ASCII), trimmed.
std::string address_key(std::string_view address);

/// The ids of a Message-ID, In-Reply-To or References value without brackets, in order, at most
/// `most`, each at most 500 bytes. Ids without brackets are found when they contain an @.
std::vector<std::string> read_message_ids(std::string_view raw, std::size_t most = 200);

} // namespace channels::email
