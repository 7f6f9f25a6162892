#include "channels/email/gmime.hpp"

#include <mutex>

namespace channels::email {

namespace {

std::string taken_from(GMimeStream* memory)
{
    const GByteArray* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
    if (array == nullptr || array->len == 0)
        return {};
    return {reinterpret_cast<const char*>(array->data), array->len};
}

} // namespace

void ensure_gmime()
{
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

held<GMimeStream> stream_of(std::string_view bytes)
{
    return held<GMimeStream>{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
}

std::string bytes_of(GMimeObject* object)
{
    const held<GMimeStream> memory{g_mime_stream_mem_new()};
    g_mime_object_write_to_stream(object, nullptr, memory.get());
    return taken_from(memory.get());
}

std::string content_of(GMimePart* part)
{
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    if (content == nullptr)
        return {};
    const held<GMimeStream> memory{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(content, memory.get());
    return taken_from(memory.get());
}

} // namespace channels::email
