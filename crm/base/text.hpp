// Text as people write it: UTF-8 only, cut between characters, and cleaned of what deceives the
// eye. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crm {

/// True for well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
bool is_utf8(std::string_view text);

/// Number of code points; malformed bytes count one each.
std::size_t code_points(std::string_view text);

/// At most `count` code points from the front, never cutting one in two.
std::string_view truncate(std::string_view text, std::size_t count);

/// At most `bytes` bytes from the front, never cutting a code point in two.
std::string_view truncate_bytes(std::string_view text, std::size_t bytes);

/// Without white space at both ends.
std::string_view trim(std::string_view text);

/// Lower-cases A-Z only: for mail domains, header names, keys.
std::string ascii_lower(std::string_view text);

/// A name fit to show on one line: control characters and bidirectional overrides removed, runs of
/// white space made one blank, trimmed, cut to `count` code points. Malformed UTF-8 is replaced.
std::string clean_line(std::string_view text, std::size_t count);

/// A message text: control characters except tab and line feed removed, CR LF made LF, malformed
/// UTF-8 replaced.
std::string clean_text(std::string_view text);

/// A file name fit to store and to offer: the part after the last slash or backslash, cleaned like
/// a line, without leading dots, at most 120 code points; "file" when nothing remains.
std::string clean_file_name(std::string_view text);

} // namespace crm
