// Whole mails: structure, charsets, attachments, winmail.dat, HTML.
#include "channels/email/read.hpp"
#include "crm/base/text.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view raw{reinterpret_cast<const char*>(data), size};
    const auto mail = channels::email::read(raw);
    if (!crm::is_utf8(mail.text) || !crm::is_utf8(mail.html) || !crm::is_utf8(mail.subject))
        std::abort();
    if (mail.text.find('\0') != std::string::npos)
        std::abort();
    for (const auto& one : mail.attachments) {
        if (one.name.empty() || !crm::is_utf8(one.name) ||
            one.name.find_first_of("/\\\r\n") != std::string::npos)
            std::abort();
    }
    if (mail.is_readable && channels::email::identity_of(mail).empty())
        std::abort();
    return 0;
}
