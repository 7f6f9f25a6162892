// What an outgoing mail must be before it is built: above all, nothing in it may end a header.
// Pure.
#pragma once

#include "channels/email/build.hpp"

#include <string>

namespace channels::email {

/// Throws problem{invalid} with the field at fault.
[[noreturn]] void refuse_field(const std::string& why, std::string field);

/// Throws problem{invalid} or problem{too_large} as build() documents.
void check_outgoing(const outgoing& mail, const build_limits& limits);

} // namespace channels::email
