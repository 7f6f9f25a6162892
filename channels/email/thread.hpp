// Which conversation a mail belongs to. The signs are tried from the safest to the weakest, and
// whoever is not known in the conversation does not get into it by naming it. Pure; any thread.
#pragma once

#include "channels/email/judge.hpp"
#include "channels/email/keys.hpp"
#include "channels/email/letter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// What the store knows; the caller answers from its rows.
class what_we_know
{
public:
    virtual ~what_we_know() = default;
    /// The conversation of this mailbox in which a mail of that Message-ID stands, ours or theirs,
    /// also under the id that a provider gave to a mail of ours.
    virtual std::optional<crm::conversation_id> with_message(std::string_view message_id) const = 0;
    /// The conversation of this mailbox that people see under this number ("[#1234]").
    virtual std::optional<crm::conversation_id> with_number(std::string_view number) const = 0;
    /// Whether the conversation exists and belongs to the mailbox that this mail came to.
    virtual bool is_ours(crm::conversation_id conversation) const = 0;
    /// Whether this address has written or been written to in the conversation, or may by the
    /// inbox's rule (the same company).
    virtual bool takes_part(crm::conversation_id conversation, std::string_view address) const = 0;
};

/// The sign by which a conversation was found, the safest first.
enum class thread_sign
{
    none,
    reply_address, // a signed address among the recipients
    own_message,   // a signed message id of ours in In-Reply-To or References
    known_message, // a message id that stands in a conversation, not signed
    body_mark,     // the signed mark in the quoted text, when a provider has rewritten our ids
    subject_number // "[#1234]"
};

struct thread_place
{
    thread_sign sign = thread_sign::none;
    std::optional<crm::conversation_id> conversation; // that the mail belongs to: append it there
    std::optional<crm::conversation_id> related;      // that it names without belonging there: new
                                                      // conversation, with a link for the agent
    bool sender_takes_part = false;
    std::string reason; // for people
};

/// How this mailbox signs and what it is called.
struct mailbox_identity
{
    std::string address;           // "help@example.org"
    std::string message_id_domain; // right side of our message ids
    signing_keys keys;
};

/// Finds a mail's place. A bounce belongs to the conversation of the mail that it reports on,
/// whoever sends it, as long as that mail's id is signed by us or known. A sender whom our server
/// has proven not to be the one he claims (sender_proof::failed) takes part nowhere.
thread_place place_of(
    const letter& mail,
    const judgement& verdict,
    const mailbox_identity& ours,
    const what_we_know& known
);

/// The mark that outgoing text carries in its last line, for providers that rewrite message ids:
/// "[ref:help+c….mac@example.org]".
std::string body_mark(std::string_view reply_address);

} // namespace channels::email
