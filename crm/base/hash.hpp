// Fingerprints: SHA-256, HMAC-SHA-256, and comparison that does not leak by time. Any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace crm {

/// The 32 bytes of SHA-256.
std::string sha256(std::string_view bytes);

/// The 32 bytes of HMAC-SHA-256 under a key of any length (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

/// Compares secrets in time that depends on their lengths only.
bool same_secret(std::string_view one, std::string_view other);

/// SHA-256 of bytes that arrive in pieces. One thread at a time.
class sha256_stream
{
public:
    sha256_stream();
    ~sha256_stream();
    sha256_stream(sha256_stream&&) noexcept;
    sha256_stream& operator=(sha256_stream&&) noexcept;

    void add(std::string_view bytes);
    /// The 32 bytes; nothing may be added afterwards.
    std::string finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace crm
