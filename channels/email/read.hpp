// Raw bytes to a letter. Pure (the clock is read only to hold the time limit); any thread.
#pragma once

#include "channels/email/letter.hpp"

#include <string_view>

namespace channels::email {

/// Reads a mail as it came from a server, a file or an mbox: any line ends, with or without an
/// envelope line in front. Whatever the bytes, it answers: with a letter that may carry notes of
/// what was left out, or with an unreadable one when they are empty or larger than the limit. The
/// text is never blank when any text part, report or attached mail has some. Throws nothing but
/// std::bad_alloc.
letter read(std::string_view raw, const read_limits& limits = {});

} // namespace channels::email
