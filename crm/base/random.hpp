// Randomness that nobody can guess, and its text form. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

/// `size` random bytes from the operating system's generator (libsodium).
std::string random_bytes(std::size_t size);

/// A random token of `bits` (a multiple of 8) in base64url: 22 characters for 128 bits, 43 for 256.
/// A store job captures a token made outside, it never makes one.
std::string random_token(int bits = 128);

/// A random non-negative 63-bit number, for incarnations and seeds.
std::int64_t random_number();

/// Base64url without padding (RFC 4648, section 5).
std::string to_base64url(std::string_view bytes);

/// The bytes of base64url text, padded or not. Throws problem{invalid}.
std::string from_base64url(std::string_view text);

} // namespace crm
