#include "crm/base/random.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/sodium.hpp"

#include <cstring>
#include <sodium.h>
#include <stdexcept>

namespace crm {

std::string random_bytes(std::size_t size)
{
    ensure_sodium();
    std::string bytes(size, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

std::string random_token(int bits)
{
    if (bits < 8 || bits % 8 != 0)
        throw std::logic_error{"a token's bits are a multiple of 8"};
    return to_base64url(random_bytes(static_cast<std::size_t>(bits) / 8));
}

std::int64_t random_number()
{
    ensure_sodium();
    std::uint64_t number = 0;
    randombytes_buf(&number, sizeof number);
    return static_cast<std::int64_t>(number >> 1U);
}

std::string to_base64url(std::string_view bytes)
{
    constexpr int form = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), form), '\0');
    sodium_bin2base64(
        text.data(),
        text.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(),
        form
    );
    text.resize(std::strlen(text.c_str()));
    return text;
}

std::string from_base64url(std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string bytes(text.size() * 3 / 4 + 1, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(
        reinterpret_cast<unsigned char*>(bytes.data()),
        bytes.size(),
        text.data(),
        text.size(),
        nullptr,
        &length,
        &end,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING
    );
    if (failed != 0 || end != text.data() + text.size())
        throw problem{errc::invalid, "this is not base64url text"};
    bytes.resize(length);
    return bytes;
}

} // namespace crm
