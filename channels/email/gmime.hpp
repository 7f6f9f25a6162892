// The few things we ask of GMime, with owners for what it hands out. Any thread.
#pragma once

#include <gmime/gmime.h>
#include <memory>
#include <string>
#include <string_view>

namespace channels::email {

struct unref
{
    void operator()(gpointer object) const { g_object_unref(object); }
};
struct free_memory
{
    void operator()(gpointer memory) const { g_free(memory); }
};

/// A GObject that we hold one reference to.
template <class Object>
using held = std::unique_ptr<Object, unref>;

/// A string that GLib allocated.
using held_text = std::unique_ptr<char, free_memory>;

/// Starts GMime once, whoever comes first.
void ensure_gmime();

/// The text of a C string that may be null.
inline std::string_view view(const char* text)
{
    return text == nullptr ? std::string_view{} : std::string_view{text};
}

/// A stream over a copy of the bytes.
held<GMimeStream> stream_of(std::string_view bytes);

/// The bytes that an object is written as: headers and body.
std::string bytes_of(GMimeObject* object);

/// The decoded content of a part; empty when it has none.
std::string content_of(GMimePart* part);

} // namespace channels::email
