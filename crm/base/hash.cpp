#include "crm/base/hash.hpp"

#include "crm/base/sodium.hpp"

#include <sodium.h>

namespace crm {

namespace {

const unsigned char* raw_bytes(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* raw_bytes(std::string& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

} // namespace

std::string sha256(std::string_view bytes)
{
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(raw_bytes(digest), raw_bytes(bytes), bytes.size());
    return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw_bytes(key), key.size());
    crypto_auth_hmacsha256_update(&state, raw_bytes(bytes), bytes.size());
    std::string code(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, raw_bytes(code));
    return code;
}

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

bool same_secret(std::string_view one, std::string_view other)
{
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

struct sha256_stream::state
{
    crypto_hash_sha256_state inner;
};

sha256_stream::sha256_stream() : state_{std::make_unique<state>()}
{
    ensure_sodium();
    crypto_hash_sha256_init(&state_->inner);
}

sha256_stream::~sha256_stream() = default;
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;

void sha256_stream::add(std::string_view bytes)
{
    crypto_hash_sha256_update(&state_->inner, raw_bytes(bytes), bytes.size());
}

std::string sha256_stream::finish()
{
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256_final(&state_->inner, raw_bytes(digest));
    return digest;
}

} // namespace crm
