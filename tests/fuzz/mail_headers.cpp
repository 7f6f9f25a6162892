// Header values: addresses, dates, ids, encoded words, parameters.
#include "channels/email/charset.hpp"
#include "channels/email/parameters.hpp"
#include "channels/email/read.hpp"
#include "crm/base/text.hpp"

#include <cstdint>
#include <cstdlib>

using namespace channels::email;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view value{reinterpret_cast<const char*>(data), size};
    for (const auto* hint : {"", "gb2312"}) {
        for (const auto& one : read_addresses(value, hint)) {
            if (!crm::is_utf8(one.name) || !crm::is_utf8(one.address) ||
                one.name.find_first_of("\r\n") != std::string::npos ||
                (one.name.empty() && one.address.empty()))
                std::abort();
            is_address(one.address);
        }
        if (!crm::is_utf8(decode_words(value, hint)))
            std::abort();
        for (const auto& [name, text] : read_parameters(value, hint).parameters) {
            if (!crm::is_utf8(text))
                std::abort();
        }
    }
    for (const auto& id : read_message_ids(value)) {
        if (id.empty() || id.find_first_of(" \r\n<>") != std::string::npos)
            std::abort();
    }
    std::string mail = "Date: ";
    for (const char c : value)
        mail += c == '\n' || c == '\r' ? ' ' : c;
    const auto dated = read(mail + "\n\n");
    clamped_date(dated, crm::instant{1'800'000'000'000'000});
    return 0;
}
