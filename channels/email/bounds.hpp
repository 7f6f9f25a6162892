// Keeps bombs from the MIME parser: it makes an object of each header and part that it meets, so
// that a mail of 20 MB could cost gigabytes. Pure; any thread.
#pragma once

#include "channels/email/header_block.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace channels::email {

/// A mail as the parser may see it.
struct bounded_mail
{
    std::string bytes;       // the headers that matter for the structure, and the body
    bool was_cut = false;    // at the delimiter where there were too many
    bool lost_lines = false; // header lines of parts beyond the limit were left out
};

/// Copies a mail with at most these numbers: 5,000 part delimiters and 1,000 different boundaries
/// (the mail is cut there), 1,000 header lines of 64 KiB for each part (further ones are left out).
/// Attached mails count with the mail that they are in. One pass.
bounded_mail within_bounds(const header_block& headers, std::string_view body);

} // namespace channels::email
