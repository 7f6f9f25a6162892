#include "gateway/live/positions.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>

namespace gateway::live {

namespace {

constexpr int block_size = 16;

} // namespace

position_veil::position_veil(std::string_view key) : key_{crm::sha256(key).substr(0, block_size)} {}

std::string position_veil::block(std::string_view in, bool encrypt) const
{
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> with{
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free
    };
    std::array<unsigned char, 2 * block_size> out{};
    const auto* key = reinterpret_cast<const unsigned char*>(key_.data());
    const auto* bytes = reinterpret_cast<const unsigned char*>(in.data());
    int size = 0;
    const bool done =
        with != nullptr &&
        EVP_CipherInit_ex(with.get(), EVP_aes_128_ecb(), nullptr, key, nullptr, encrypt ? 1 : 0) ==
            1 &&
        EVP_CIPHER_CTX_set_padding(with.get(), 0) == 1 &&
        EVP_CipherUpdate(with.get(), out.data(), &size, bytes, block_size) == 1 &&
        size == block_size;
    if (!done)
        throw std::runtime_error{"AES is not available"};
    return {reinterpret_cast<const char*>(out.data()), block_size};
}

std::string position_veil::hide(std::int64_t position, crm::customer_id whose) const
{
    std::string plain(block_size, '\0');
    const auto customer = crm::raw(whose);
    std::memcpy(plain.data(), &position, sizeof position);
    std::memcpy(plain.data() + sizeof position, &customer, sizeof customer);
    return crm::to_base64url(block(plain, true));
}

std::optional<std::int64_t> position_veil::show(std::string_view text, crm::customer_id whose) const
{
    if (text.size() != 22)
        return std::nullopt;
    std::string plain;
    try {
        plain = block(crm::from_base64url(text), false);
    } catch (const crm::problem&) {
        return std::nullopt; // not base64url: not ours
    }
    std::int64_t position = 0;
    std::int64_t customer = 0;
    std::memcpy(&position, plain.data(), sizeof position);
    std::memcpy(&customer, plain.data() + sizeof position, sizeof customer);
    if (customer != crm::raw(whose) || position < 0)
        return std::nullopt;
    return position;
}

} // namespace gateway::live
