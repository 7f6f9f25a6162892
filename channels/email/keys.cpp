#include "channels/email/keys.hpp"
#include "channels/email/address.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <cstdint>

namespace channels::email {

namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t mac_bytes = 10;
constexpr std::size_t mac_length = 16;
constexpr std::size_t shortest_secret = 16;
constexpr std::size_t longest_mailbox = 30;

std::string base32(std::string_view bytes)
{
    std::string text;
    unsigned held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = (held << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += alphabet[held >> static_cast<unsigned>(bits) & 31U];
        }
    }
    return text;
}

// A number without leading zeros; ids are positive.
std::string number_text(std::int64_t number)
{
    std::string text;
    for (auto rest = static_cast<std::uint64_t>(number); rest > 0; rest >>= 5U)
        text += alphabet[rest & 31U];
    std::ranges::reverse(text);
    return text;
}

std::optional<std::int64_t> read_number(std::string_view text)
{
    constexpr std::size_t longest = 13;
    if (text.empty() || text.size() > longest || text[0] == alphabet[0])
        return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = alphabet.find(c);
        if (digit == std::string_view::npos || number >> 58U != 0)
            return std::nullopt;
        number = number << 5U | digit;
    }
    return static_cast<std::int64_t>(number);
}

std::string mac(std::string_view secret, std::string_view what)
{
    return base32(std::string_view{crm::hmac_sha256(secret, what)}.substr(0, mac_bytes));
}

bool is_signed(std::string_view what, std::string_view given, const signing_keys& keys)
{
    bool good = false;
    for (const auto& secret : keys.secrets) {
        if (secret.size() >= shortest_secret && crm::same_secret(mac(secret, what), given))
            good = true;
    }
    return good;
}

const std::string& signing_secret(const signing_keys& keys)
{
    if (keys.secrets.empty() || keys.secrets.front().size() < shortest_secret)
        throw crm::problem{crm::errc::invalid, "mail needs a signing secret of at least 16 bytes"};
    return keys.secrets.front();
}

struct halves
{
    std::string local;
    std::string domain;
};

halves split(std::string_view address)
{
    const std::string key = address_key(address);
    const auto at = key.rfind('@');
    if (at == std::string::npos)
        return {};
    return {key.substr(0, at), key.substr(at + 1)};
}

// What is signed says what it is for, so that one MAC never stands for the other.
std::string address_claim(const halves& mailbox, std::string_view number)
{
    return "parley reply address\n" + mailbox.local + '@' + mailbox.domain + '\n' +
           std::string{number};
}

std::string id_claim(std::string_view domain, std::string_view numbers)
{
    return "parley message id\n" + crm::ascii_lower(domain) + '\n' + std::string{numbers};
}

} // namespace

std::string
reply_address(std::string_view mailbox, crm::conversation_id conversation, const signing_keys& keys)
{
    const auto own = split(mailbox);
    if (!is_address(mailbox) || own.local.size() > longest_mailbox ||
        own.local.find_first_of("+\"") != std::string::npos || crm::raw(conversation) <= 0) {
        throw crm::problem{
            crm::errc::invalid,
            "'" + std::string{mailbox} +
                "' cannot carry reply addresses: use a plain address with at most 30 characters "
                "before the @"
        };
    }
    const std::string number = number_text(crm::raw(conversation));
    return own.local + "+c" + number + '.' + mac(signing_secret(keys), address_claim(own, number)) +
           '@' + own.domain;
}

std::optional<crm::conversation_id>
read_reply_address(std::string_view address, std::string_view mailbox, const signing_keys& keys)
{
    const auto given = split(address);
    const auto own = split(mailbox);
    const std::string start = own.local + "+c";
    if (own.local.empty() || given.domain != own.domain || !given.local.starts_with(start))
        return std::nullopt;
    const auto rest = std::string_view{given.local}.substr(start.size());
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || rest.size() - dot - 1 != mac_length)
        return std::nullopt;
    const auto number = read_number(rest.substr(0, dot));
    if (!number || !is_signed(address_claim(own, rest.substr(0, dot)), rest.substr(dot + 1), keys))
        return std::nullopt;
    return crm::conversation_id{*number};
}

std::string
make_message_id(const own_message& of, std::string_view domain, const signing_keys& keys)
{
    if (!is_address("a@" + std::string{domain}))
        throw crm::problem{
            crm::errc::invalid, "'" + std::string{domain} + "' is no domain for message ids"
        };
    if (crm::raw(of.conversation) <= 0 || crm::raw(of.entry) <= 0)
        throw crm::problem{crm::errc::invalid, "a message id needs a conversation and an entry"};
    const std::string numbers =
        number_text(crm::raw(of.conversation)) + '.' + number_text(crm::raw(of.entry));
    return "p." + numbers + '.' + mac(signing_secret(keys), id_claim(domain, numbers)) + '@' +
           crm::ascii_lower(domain);
}

std::optional<own_message>
read_message_id(std::string_view id, std::string_view domain, const signing_keys& keys)
{
    const auto given = split(id);
    if (!given.local.starts_with("p.") || given.domain != crm::ascii_lower(domain))
        return std::nullopt;
    const auto rest = std::string_view{given.local}.substr(2);
    const auto first = rest.find('.');
    const auto second = first == std::string_view::npos ? first : rest.find('.', first + 1);
    if (second == std::string_view::npos || rest.size() - second - 1 != mac_length)
        return std::nullopt;
    const auto conversation = read_number(rest.substr(0, first));
    const auto entry = read_number(rest.substr(first + 1, second - first - 1));
    if (!conversation || !entry ||
        !is_signed(id_claim(domain, rest.substr(0, second)), rest.substr(second + 1), keys))
        return std::nullopt;
    return own_message{crm::conversation_id{*conversation}, crm::entry_id{*entry}};
}

} // namespace channels::email
