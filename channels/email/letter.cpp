#include "channels/email/letter.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/text.hpp"

namespace channels::email {

namespace {

bool is_named(std::string_view name, std::string_view wanted)
{
    return std::ranges::equal(name, wanted, [](char one, char other) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        return lower(one) == lower(other);
    });
}

std::string first_address(const std::vector<mailbox>& list)
{
    for (const auto& one : list) {
        if (!one.address.empty())
            return one.address;
    }
    return {};
}

} // namespace

std::string_view letter::operator[](std::string_view name) const
{
    for (const auto& one : headers) {
        if (is_named(one.name, name))
            return one.value;
    }
    return {};
}

std::vector<std::string_view> letter::all(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (const auto& one : headers) {
        if (is_named(one.name, name))
            values.emplace_back(one.value);
    }
    return values;
}

std::string letter::from_address() const
{
    auto address = first_address(from);
    return address.empty() ? first_address(sender) : address;
}

std::string letter::answer_address() const
{
    auto address = first_address(reply_to);
    return address.empty() ? from_address() : address;
}

crm::instant clamped_date(const letter& of, crm::instant arrived)
{
    constexpr crm::instant earliest{631'152'000'000'000}; // 1990-01-01
    if (!of.date || *of.date > arrived || *of.date < earliest)
        return arrived;
    return *of.date;
}

std::string identity_of(const letter& of)
{
    if (!of.message_id.empty())
        return of.message_id;
    std::string told = of.date ? std::to_string(of.date->us) : std::string{};
    for (const auto* list : {&of.from, &of.to, &of.cc}) {
        told += '\0';
        for (const auto& one : *list)
            told += one.address + ',';
    }
    told += '\0' + of.subject + '\0' + of.text + '\0' + of.html;
    for (const auto& one : of.attachments)
        told += '\0' + one.name + crm::sha256(one.content);
    return "made." + crm::to_hex(crm::sha256(told)).substr(0, 40);
}

} // namespace channels::email
