// The text of an HTML mail, for the timeline, for search and for finding the quote. It is no
// sanitiser: what is shown as HTML is made safe where it is shown. Linear in the input; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// What the mail program's own marks say of a line.
enum class html_mark
{
    none,
    attribution, // "On ... wrote:", marked as such (Gmail, Thunderbird)
    earlier_mail // from here on an earlier mail (Outlook, Yahoo)
};

/// One line of text with its place in the HTML.
struct html_line
{
    std::string text;       // UTF-8, white space collapsed, entities decoded
    std::size_t offset = 0; // where in the HTML the line's first tag or character stands
    int quote_depth = 0;    // blockquotes around it
    html_mark mark = html_mark::none;
};

/// The lines of an HTML text (UTF-8) of any quality: unclosed tags, comments and quotes are read as
/// far as they go. Scripts, styles and titles are left out. Never throws on bytes.
std::vector<html_line> html_lines(std::string_view html);

/// The lines joined by line feeds, quoted ones with "> " for each level; no blank lines at the ends
/// and never more than two in a row.
std::string html_to_text(std::string_view html);

/// Plain text as HTML: the five special characters escaped.
std::string escape_html(std::string_view text);

/// The text of the character reference that begins at text[0] == '&', and its length; length 0 when
/// it is none. Numbers outside of Unicode become U+FFFD.
struct reference
{
    std::string text;
    std::size_t length = 0;
};
reference read_reference(std::string_view text);

} // namespace channels::email
