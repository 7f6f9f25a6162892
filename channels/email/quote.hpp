// What a person wrote now, apart from the mail that they answer and from their signature. Nothing
// is deleted: the pieces put together again are the text. Pure; any thread.
#pragma once

#include "channels/email/address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// What a stretch of a mail's text is.
enum class piece_kind
{
    said,        // written now: shown
    attribution, // "On Monday Ann wrote:", headers of a forwarded mail, separators: hidden
    quoted,      // an earlier mail: hidden
    signature    // hidden
};

struct text_piece
{
    piece_kind kind = piece_kind::said;
    std::string text; // whole lines, each with its line feed
};

/// A text taken apart.
struct shown_text
{
    std::vector<text_piece> pieces; // in the text's order

    /// What was written now: the pieces that are said, without blank lines around.
    [[nodiscard]] std::string said() const;
    /// Everything that is hidden, in order, without blank lines around.
    [[nodiscard]] std::string hidden() const;
    /// The signature, without blank lines around.
    [[nodiscard]] std::string signature() const;
};

/// Takes a plain text apart (UTF-8, LF or CR LF). Answers between the quoted lines stay visible
/// together with what they answer; a text that is nothing but a quote stays visible as a whole.
/// Linear in the text; at most the first 20,000 lines are examined, the rest counts as quoted.
shown_text hide_quote(std::string_view text);

/// The same for HTML: the text is html_to_text()'s, and `quote_begins` says from which byte of the
/// HTML on everything is hidden, when that can be said of one place.
struct shown_html
{
    shown_text text;
    std::optional<std::size_t> quote_begins;
};
shown_html hide_quote_in_html(std::string_view html);

/// Who wrote the mail that this text forwards, from the head in it ("From: Ann <ann@example.com>"):
/// for mail that a colleague sends on to the desk. Nothing when there is no such head, or no
/// address in it. What the text claims is no proof.
std::optional<mailbox> forwarded_from(std::string_view text);

} // namespace channels::email
