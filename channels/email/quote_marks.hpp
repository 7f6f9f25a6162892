// How mail programs mark the mail that is answered: lines like "On Monday Ann wrote:", header
// blocks, separators, signatures, in the languages they write them in. Used by hide_quote(). Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace channels::email {

/// True for a quoted line: "> ...", "| ...".
bool is_quoted_line(std::string_view line);

/// How many lines, from lines[at] on, are an attribution ("On Monday, Ann
/// <ann@example.com>\nwrote:"). 0 when none begins there. Never spans an empty line.
std::size_t attribution_length(const std::vector<std::string_view>& lines, std::size_t at);

/// How many lines are the head of an earlier mail: a separator ("-----Original Message-----"), a
/// header block (From:, Sent:, To:, Subject: in many languages), or both. 0 when none begins there.
std::size_t head_length(const std::vector<std::string_view>& lines, std::size_t at);

/// The value of the sender's header ("From:", "Von:", "发件人:") among those lines; empty when
/// there is none.
std::string_view
sender_in_head(const std::vector<std::string_view>& lines, std::size_t at, std::size_t length);

/// True for "-- " and what programs make of it.
bool is_signature_mark(std::string_view line);

/// True for what telephones put below a mail: "Sent from my iPhone" in many languages.
bool is_device_line(std::string_view line);

} // namespace channels::email
