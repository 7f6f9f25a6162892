// Texts and HTML whose quotes are looked for: nothing is lost, nothing goes blank.
#include "channels/email/html_text.hpp"
#include "channels/email/quote.hpp"
#include "crm/base/text.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const std::string text = crm::clean_text(bytes);
    const auto shown = channels::email::hide_quote(text);
    std::string whole;
    for (const auto& one : shown.pieces)
        whole += one.text;
    if (whole != text)
        std::abort();
    if (shown.said().empty() && text.find_first_not_of(" \t\n\r") != std::string::npos)
        std::abort();
    if (const auto sender = channels::email::forwarded_from(text);
        sender && !channels::email::is_address(sender->address))
        std::abort();
    const auto html = channels::email::hide_quote_in_html(text);
    if (html.quote_begins && *html.quote_begins > text.size())
        std::abort();
    if (!crm::is_utf8(channels::email::html_to_text(text)))
        std::abort();
    return 0;
}
