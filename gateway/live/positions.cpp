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

/// AES-128 in one direction, a block at a time.
class position_veil::cipher
{
public:
    cipher(std::string_view key, bool encrypts) : with_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}
    {
        const std::string short_key = crm::sha256(key).substr(0, block_size);
        const auto* bytes = reinterpret_cast<const unsigned char*>(short_key.data());
        const bool ready =
            with_ != nullptr &&
            EVP_CipherInit_ex(
                with_.get(), EVP_aes_128_ecb(), nullptr, bytes, nullptr, encrypts ? 1 : 0
            ) == 1 &&
            EVP_CIPHER_CTX_set_padding(with_.get(), 0) == 1;
        if (!ready)
            throw std::runtime_error{"AES is not available"};
    }

    [[nodiscard]] std::string block(std::string_view in)
    {
        std::array<unsigned char, 2 * block_size> out{};
        const auto* bytes = reinterpret_cast<const unsigned char*>(in.data());
        int size = 0;
        const bool done =
            EVP_CipherUpdate(with_.get(), out.data(), &size, bytes, block_size) == 1 &&
            size == block_size;
        if (!done)
            throw std::runtime_error{"AES is not available"};
        return {reinterpret_cast<const char*>(out.data()), block_size};
    }

private:
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> with_;
};

position_veil::position_veil(std::string_view key)
    : hides_{std::make_unique<cipher>(key, true)}, shows_{std::make_unique<cipher>(key, false)}
{
}

position_veil::~position_veil() = default;

std::string position_veil::hide(std::int64_t position, crm::customer_id whose) const
{
    std::string plain(block_size, '\0');
    const auto customer = crm::raw(whose);
    std::memcpy(plain.data(), &position, sizeof position);
    std::memcpy(plain.data() + sizeof position, &customer, sizeof customer);
    return crm::to_base64url(hides_->block(plain));
}

std::optional<std::int64_t> position_veil::show(std::string_view text, crm::customer_id whose) const
{
    if (text.size() != 22)
        return std::nullopt;
    std::string plain;
    try {
        plain = shows_->block(crm::from_base64url(text));
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
