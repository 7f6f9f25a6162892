// Values of the form `type; name=value; name*0*=utf-8''...`: Content-Type and Content-Disposition.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace channels::email {

/// A value and its parameters, decoded to UTF-8.
struct parametered
{
    std::string value; // lower-case, "text/plain"; empty when there is none
    std::vector<std::pair<std::string, std::string>> parameters; // names lower-case

    /// The parameter's value, empty when absent.
    [[nodiscard]] std::string_view operator[](std::string_view name) const;
};

/// Reads a header's raw value: RFC 2231 (split and percent-encoded), RFC 2047 words inside
/// parameters, raw 8-bit bytes by `hint`, unquoted values with blanks. At most 100 parameters; the
/// rest is ignored. Never throws on bytes.
parametered read_parameters(std::string_view raw, std::string_view hint = {});

} // namespace channels::email
