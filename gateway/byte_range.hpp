// The Range header of RFC 9110: which part of a body is asked for. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway {

struct byte_range
{
    std::int64_t from = 0;
    std::int64_t size = 0;
    bool is_part = false; // answer 206 with Content-Range
};

/// The part of a body of `whole` bytes that "bytes=2-5", "bytes=2-" or "bytes=-3" asks for. The
/// whole of it without a header, and for what we do not serve: several ranges, other units.
/// nullopt when nothing of the body lies in the range (416).
std::optional<byte_range> read_range(std::string_view header, std::int64_t whole);

} // namespace gateway
