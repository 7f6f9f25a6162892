// What a mail is, beside what it says: written by a person, by a program, by a list, by a mail
// server, by ourselves; and how far its sender is known to be who it claims. Pure; any thread.
#pragma once

#include "channels/email/bounce.hpp"
#include "channels/email/letter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace channels::email {

/// How the sender's address was proven, by our own mail server.
enum class sender_proof
{
    none,   // nobody whom we trust has looked
    failed, // looked, and the address is not proven: show "unverified sender"
    passed  // DMARC passed, or SPF or DKIM for the very domain of the From address
};

/// What the judge must know of this installation.
struct house
{
    std::vector<std::string> authserv_ids; // names under which our own MX signs its results
    std::vector<std::string> addresses;    // of our mailboxes, without plus parts
    std::string message_id_domain;         // right side of our own message ids
};

struct judgement
{
    bool is_automatic_reply = false; // vacation notes, receipts: an answer that nobody wrote
    bool is_automatic = false;       // written by a program; also true for each of the other kinds
    bool is_list = false;            // sent to many
    bool is_complaint = false;       // a feedback report (RFC 5965): somebody called our mail spam
    bool is_own = false;             // we have sent this ourselves: a loop
    std::optional<bounce_report> bounce;
    sender_proof proof = sender_proof::none;
    std::vector<std::string> reasons; // the headers and signs that led to this, for people

    /// Whether an automatic answer may be sent. A mail of which this is false is stored and shown
    /// like any other, reopens nothing and starts no clock.
    [[nodiscard]] bool may_answer_automatically() const { return !is_automatic && !is_own; }
};

/// Judges a mail by its headers, its sender and its reports. Control headers of our own name
/// (X-Parley-...) that come from outside have no effect, except that they mark a loop.
judgement judge(const letter& mail, const house& ours = {});

/// What our mail server proved of the From address, from its Authentication-Results (RFC 8601).
/// Only the topmost such header counts, and only when one of `authserv_ids` has written it: those
/// below may come from anybody.
sender_proof proof_of_sender(const letter& mail, const std::vector<std::string>& authserv_ids);

} // namespace channels::email
