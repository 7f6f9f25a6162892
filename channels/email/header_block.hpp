// The header block of a mail or of a report, taken apart. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// A header as it stands in the bytes: the value still folded and encoded.
struct raw_header
{
    std::string_view name;
    std::string_view value;
};

struct header_block
{
    std::vector<raw_header> headers;
    std::size_t end = 0;     // where the body begins
    std::size_t ignored = 0; // lines that are no header, and headers beyond a limit
};

/// Reads headers up to the empty line (or the end); lines end with LF or CR LF. At most `most`
/// headers and `bytes` bytes of them are kept.
header_block
read_header_block(std::string_view text, std::size_t most = 1000, std::size_t bytes = 262'144);

/// The mail with LF or CR LF line ends, without byte order mark, leading empty lines, envelope line
/// ("From ann@example.com Mon ...") and NUL bytes in its headers.
std::string prepared(std::string_view raw);

} // namespace channels::email
