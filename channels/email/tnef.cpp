#include "channels/email/tnef.hpp"
#include "channels/email/charset.hpp"

#include <algorithm>
#include <cstdint>

namespace channels::email {

namespace {

constexpr std::uint32_t signature = 0x223E9F78;

// Attributes ([MS-OXTNEF] 2.1.3.2) and MAPI properties ([MS-OXPROPS]) that matter here.
constexpr std::uint32_t attribute_code_page = 0x00069007;
constexpr std::uint32_t attribute_body = 0x0002800C;
constexpr std::uint32_t attribute_message_properties = 0x00069003;
constexpr std::uint32_t attribute_new_attachment = 0x00069002;
constexpr std::uint32_t attribute_title = 0x00018010;
constexpr std::uint32_t attribute_data = 0x0006800F;
constexpr std::uint32_t attribute_properties = 0x00069005;
constexpr std::uint16_t property_body = 0x1000;
constexpr std::uint16_t property_html = 0x1013;
constexpr std::uint16_t property_data = 0x3701;
constexpr std::uint16_t property_name = 0x3704;
constexpr std::uint16_t property_long_name = 0x3707;
constexpr std::uint16_t property_type = 0x370E;
constexpr std::uint16_t property_shown_name = 0x3001;

// Little-endian numbers from the front; once something is missing everything after it is.
class cursor
{
public:
    explicit cursor(std::string_view bytes) : rest_{bytes} {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    std::string_view take(std::size_t count)
    {
        if (count > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::uint32_t number(std::size_t size)
    {
        std::uint32_t value = 0;
        const auto bytes = take(size);
        for (std::size_t at = bytes.size(); at > 0; --at)
            value = value << 8U | static_cast<unsigned char>(bytes[at - 1]);
        return value;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

std::string without_end(std::string_view text)
{
    return std::string{text.substr(0, text.find('\0'))};
}

std::string utf16(std::string_view bytes)
{
    std::string text = to_utf8(bytes, "utf-16le").text;
    return without_end(text);
}

// The size of a property's value by its type; nothing for types whose length is stored.
std::optional<std::size_t> fixed_size(std::uint16_t type)
{
    switch (type) {
    case 0x0001: // nothing
        return 0;
    case 0x0002: // 16 bits, padded
    case 0x0003:
    case 0x0004:
    case 0x000A:
    case 0x000B:
        return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
        return 8;
    case 0x0048:
        return 16;
    default:
        return std::nullopt;
    }
}

struct property
{
    std::uint16_t id = 0;
    std::uint16_t type = 0;
    std::string_view value;
};

std::string as_text(const property& one, const std::string& charset)
{
    return one.type == 0x001F ? utf16(one.value)
                              : to_utf8(without_end(one.value), charset, charset).text;
}

void skip_name(cursor& from)
{
    from.take(16);
    if (from.number(4) == 0) {
        from.take(4);
        return;
    }
    const std::size_t length = from.number(4);
    from.take((length + 3) / 4 * 4);
}

// Calls visit for each single-valued property.
template <class Visit>
void each_property(std::string_view bytes, Visit visit)
{
    constexpr std::uint32_t most = 1000;
    cursor from{bytes};
    const std::uint32_t count = from.number(4);
    for (std::uint32_t at = 0; at < count && at < most && from.ok(); ++at) {
        property one;
        one.type = static_cast<std::uint16_t>(from.number(2));
        one.id = static_cast<std::uint16_t>(from.number(2));
        if (one.id >= 0x8000)
            skip_name(from);
        const bool several = (one.type & 0x1000U) != 0;
        one.type &= 0x0FFFU;
        const auto fixed = fixed_size(one.type);
        const std::uint32_t values = several || !fixed ? from.number(4) : 1;
        for (std::uint32_t value = 0; value < values && value < most && from.ok(); ++value) {
            const std::size_t size = fixed ? *fixed : from.number(4);
            one.value = from.take(size);
            from.take((4 - size % 4) % 4);
            if (from.ok() && !several)
                visit(one);
        }
    }
}

class unpacker
{
public:
    unpacker(tnef_content& into, std::size_t most) : into_{into}, most_{most} {}

    void take(std::uint32_t attribute, std::string_view value)
    {
        switch (attribute) {
        case attribute_code_page:
            charset_ = "cp" + std::to_string(cursor{value}.number(4));
            if (charset_ == "cp1252" || charset_.starts_with("cp125"))
                charset_.replace(0, 2, "windows-");
            break;
        case attribute_body:
            into_.text = to_utf8(without_end(value), charset_).text;
            break;
        case attribute_message_properties:
            each_property(value, [this](const property& one) {
                if (one.id == property_body)
                    into_.text = as_text(one, charset_);
                else if (one.id == property_html)
                    into_.html = to_utf8(without_end(one.value), charset_).text;
            });
            break;
        case attribute_new_attachment:
            if (into_.files.size() < most_)
                into_.files.emplace_back();
            else
                full_ = true;
            break;
        case attribute_title:
            if (auto* file = current(); file != nullptr && file->name.empty())
                file->name = to_utf8(without_end(value), charset_).text;
            break;
        case attribute_data:
            if (auto* file = current())
                file->bytes = std::string{value};
            break;
        case attribute_properties:
            each_property(value, [this](const property& one) { take_property(one); });
            break;
        default:
            break;
        }
    }

private:
    tnef_content::file* current()
    {
        return full_ || into_.files.empty() ? nullptr : &into_.files.back();
    }

    void take_property(const property& one)
    {
        auto* file = current();
        if (file == nullptr)
            return;
        if (one.id == property_long_name)
            file->name = as_text(one, charset_);
        else if ((one.id == property_name || one.id == property_shown_name) && file->name.empty())
            file->name = as_text(one, charset_);
        else if (one.id == property_type)
            file->type = as_text(one, charset_);
        else if (one.id == property_data && one.type == 0x0102 && file->bytes.empty())
            file->bytes = std::string{one.value};
        else if (one.id == property_data && one.type == 0x000D && file->bytes.empty())
            file->bytes =
                std::string{one.value.substr(std::min<std::size_t>(16, one.value.size()))};
    }

    tnef_content& into_;
    std::size_t most_;
    std::string charset_;
    bool full_ = false;
};

} // namespace

std::optional<tnef_content> read_tnef(std::string_view bytes, std::size_t most)
{
    cursor from{bytes};
    if (from.number(4) != signature || !from.ok())
        return std::nullopt;
    from.take(2); // the key that pairs the stream with its mail
    tnef_content content;
    unpacker into{content, most};
    bool any = false;
    while (!from.at_end()) {
        from.take(1); // of the message or of an attachment; the attribute says it too
        const auto attribute = from.number(4);
        const auto size = from.number(4);
        const auto value = from.take(size);
        from.take(2); // checksum
        if (!from.ok())
            break;
        any = true;
        into.take(attribute, value);
    }
    if (!any)
        return std::nullopt;
    return content;
}

} // namespace channels::email
